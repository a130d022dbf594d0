"""Our Muon against torch's, which orthogonalises in bf16."""
import torch

from training.optim import Muon, orthogonalise

SHAPES = [(24, 16), (16, 24), (24, 16), (16, 16)]


def trained(kind: type[torch.optim.Muon]) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    parameters = [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in SHAPES]
    optimiser = kind(parameters, lr=0.02, weight_decay=0.1, momentum=0.95, adjust_lr_fn="match_rms_adamw")
    for step in range(4):
        for p in parameters:
            p.grad = torch.randn(p.shape, generator=generator)
        if step == 2:
            parameters[1].grad = None
        optimiser.step()
    return [p.detach() for p in parameters]


def test_the_update_is_torchs_but_for_its_rounding() -> None:
    generator = torch.Generator().manual_seed(3)
    starts = [torch.randn(shape, generator=generator) for shape in SHAPES]
    for ours, theirs, start in zip(trained(Muon), trained(torch.optim.Muon), starts):
        moved = (theirs - start).norm()
        assert moved > 0.1
        assert (ours - theirs).norm() < 0.02 * moved


def test_orthogonalised_matrices_have_singular_values_near_one() -> None:
    matrices = torch.randn(3, 10, 40, generator=torch.Generator().manual_seed(5))
    for stacked in (matrices, matrices.mT):
        result = orthogonalise(stacked, (3.4445, -4.775, 2.0315), 5, 1e-7)
        assert result.shape == stacked.shape
        values = torch.linalg.svdvals(result)
        assert 0.6 < values.min() and values.max() < 1.3


def test_its_state_is_torchs_so_that_runs_resume() -> None:
    p = torch.nn.Parameter(torch.ones(4, 3))
    p.grad = torch.ones(4, 3)
    optimiser = Muon([p], lr=0.1)
    optimiser.step()
    torch.optim.Muon([torch.nn.Parameter(torch.ones(4, 3))], lr=0.1).load_state_dict(optimiser.state_dict())
    assert list(optimiser.state[p]) == ["momentum_buffer"]
