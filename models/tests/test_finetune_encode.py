"""Which tokens are learnt, through several chat templates: decoded, they are the replies and nothing else."""
import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from finetune.conversations import Conversation, Sample, read_conversations, samples
from finetune.encode import ChatEncoder
from finetune.refusal import Refusal

POCKET = Path(__file__).parents[1] / "pocket"
MESSAGES = (
    ("system", "You are an agent in a household."),
    ("user", "Here is an example of how to solve the task:\nYou see a mug."),
    ("assistant", "Thought: I look.\nAction: look"),
    ("user", "Now it's your turn.\nYour task is to: put a mug in desk."),
    ("assistant", "Thought: I look.\nAction: go to desk 1"),
    ("user", "Observation: Nothing happens."),
    ("assistant", "Thought: Action: observation\nAction: take mug 1 from desk 1"),
    ("user", "Observation: You pick up the mug 1 from the desk 1."),
    ("assistant", "Thought: I have it.\nAction: inventory"),
)
LEARNT = (4, 6, 8)
# The templates' own words, without their parts for tools: Qwen3-4B-Instruct-2507, Qwen3-4B (thinking), Gemma 3, Llama 3.
CHATML = (
    "{%- for m in messages %}{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' + '\\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
THINKING = (
    "{%- set ns = namespace(last=0) %}{%- for m in messages %}{%- if m.role == 'user' %}{%- set ns.last = loop.index0 %}{%- endif %}"
    "{%- endfor %}{%- for m in messages %}{%- if m.role == 'assistant' and loop.index0 > ns.last %}"
    "{{- '<|im_start|>assistant\\n<think>\\n\\n</think>\\n\\n' + m.content + '<|im_end|>\\n' }}{%- else %}"
    "{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{%- endif %}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)
GEMMA = (
    "{{ bos_token }}{%- set first = messages[0].content + '\\n\\n' %}{%- for m in messages[1:] %}"
    "{{ '<start_of_turn>' + ('model' if m.role == 'assistant' else m.role) + '\\n' + (first if loop.first else '') }}"
    "{{ m.content | trim }}{{ '<end_of_turn>\\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{%- endif %}"
)
LLAMA = (
    "{%- for m in messages %}{{ '<|start_header_id|>' + m.role + '<|end_header_id|>\\n\\n' + m.content | trim + '<|eot_id|>' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}"
)
ENDS = {"chatml": "<|im_end|>", "thinking": "<|im_end|>", "gemma": "<end_of_turn>", "llama": "<|eot_id|>"}


def byte_level(template: str) -> PreTrainedTokenizerFast:
    """A byte-level BPE as Qwen's and Llama's are, learnt from the messages, so that it has merges to get wrong."""
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<start_of_turn>", "<end_of_turn>",
               "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<think>", "</think>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=500, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator([space + content for space in ("", " ") for _, content in MESSAGES] * 20, trainer)
    made = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<|endoftext|>", pad_token="<|endoftext|>")
    made.chat_template = template
    return made


def learnt_texts(encoder: ChatEncoder, sample: Sample) -> list[str]:
    """Each run of learnt tokens, decoded."""
    encoded = encoder.encode(sample)
    assert encoded is not None
    runs = np.split(encoded.learnt, np.flatnonzero(np.diff(encoded.learnt) > 1) + 1)
    return [encoder.tokenizer.decode(encoded.ids[run].tolist(), skip_special_tokens=False) for run in runs]


@pytest.mark.parametrize("name,template", [("chatml", CHATML), ("thinking", THINKING), ("gemma", GEMMA), ("llama", LLAMA)])
def test_only_replies_are_learnt_each_with_the_token_that_ends_it(name: str, template: str) -> None:
    encoder = ChatEncoder(byte_level(template), 4096)
    assert learnt_texts(encoder, Sample(MESSAGES, LEARNT)) == [MESSAGES[i][1] + ENDS[name] for i in LEARNT]
    assert learnt_texts(encoder, Sample(MESSAGES[:7], (6,))) == [MESSAGES[6][1] + ENDS[name]]


@pytest.mark.parametrize("template", [CHATML, GEMMA, LLAMA])
def test_what_stands_before_a_reply_is_what_the_student_is_given_at_play(template: str) -> None:
    tokenizer = byte_level(template)
    encoded = ChatEncoder(tokenizer, 4096).encode(Sample(MESSAGES, LEARNT))
    assert encoded is not None
    firsts = [int(t) for t in encoded.learnt if t - 1 not in encoded.learnt]
    for first, index in zip(firsts, LEARNT):
        chat = [{"role": role, "content": content} for role, content in MESSAGES[:index]]
        prompt = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
        assert encoded.ids[:first].tolist() == tokenizer(prompt, add_special_tokens=False)["input_ids"]


def test_the_pocket_students_own_template_and_tokenizer() -> None:
    encoder = ChatEncoder(AutoTokenizer.from_pretrained(POCKET), 4096)
    assert learnt_texts(encoder, Sample(MESSAGES, LEARNT)) == [MESSAGES[i][1] + "<|im_end|>" for i in LEARNT]


def test_a_conversation_that_is_too_long_loses_its_last_turns() -> None:
    tokenizer = byte_level(CHATML)
    whole = ChatEncoder(tokenizer, 4096).encode(Sample(MESSAGES, LEARNT))
    assert whole is not None and not whole.cut and whole.ids[-1] == whole.ids[whole.learnt[-1]]
    fits = ChatEncoder(tokenizer, len(whole.ids)).encode(Sample(MESSAGES, LEARNT))
    assert fits is not None and not fits.cut
    cut = ChatEncoder(tokenizer, len(whole.ids) - 1).encode(Sample(MESSAGES, LEARNT))
    assert cut is not None and cut.cut
    assert learnt_texts(ChatEncoder(tokenizer, len(whole.ids) - 1), Sample(MESSAGES, LEARNT)) == [MESSAGES[i][1] + "<|im_end|>" for i in (4, 6)]
    assert (whole.ids[: len(cut.ids)] == cut.ids).all()
    assert ChatEncoder(tokenizer, 20).encode(Sample(MESSAGES, LEARNT)) is None


@pytest.mark.parametrize("template,why", [
    (CHATML.replace("'<|im_end|>'", "'END'"), "special token"),
    (CHATML.replace("m.content +", "(m.content if loop.last else '...') +"), "renders a conversation otherwise"),
    (CHATML.replace("{%- for m in messages %}", "{{ raise_exception('No system message.') }}{%- for m in messages %}", 1), "No system message"),
    (CHATML.replace("'\\n' + m.content", "'\\n' + (' ' if m.role == 'assistant' else '') + m.content")
     .replace("assistant\\n' }}", "assistant\\n ' }}"), "joins"),
])
def test_a_template_that_can_not_be_learnt_from_is_refused(template: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        ChatEncoder(byte_level(template), 4096).encode(Sample(MESSAGES, LEARNT))


def conversation() -> Conversation:
    rest = []
    for i in range(8):
        rest += [("assistant", f"Action: {i}"), ("user", f"Observation: {i}")]
    return Conversation("g", "none", 2, (("system", "s"), ("user", "u"), *rest[:-1]), tuple(range(2, 17, 2)))


def test_full_history_is_one_sample_with_every_reply() -> None:
    assert list(samples(conversation(), "full-history")) == [Sample(conversation().messages, tuple(range(2, 17, 2)))]


@pytest.mark.parametrize("strategy,turns", [("last-5", 5), ("latest-only", 1)])
def test_shorter_histories_are_a_sample_a_reply_with_its_last_turns(strategy: str, turns: int) -> None:
    made = list(samples(conversation(), strategy))
    assert len(made) == 8
    for i, sample in enumerate(made):
        shown = [f"{kind}: {j}" for j in range(max(0, i - turns), i) for kind in ("Action", "Observation")]
        assert [content for _, content in sample.messages] == ["s", "u", *shown, f"Action: {i}"]
        assert sample.learnt == (len(sample.messages) - 1,)


def test_turns_that_are_not_to_be_learnt_are_shown_all_the_same() -> None:
    it = conversation()
    partly = Conversation(it.game, it.memory, it.opening, it.messages, (4, 8))
    full = list(samples(partly, "full-history"))
    assert full == [Sample(it.messages[:9], (4, 8))]
    assert len(list(samples(partly, "latest-only"))) == 2
    assert list(samples(Conversation(it.game, it.memory, 2, it.messages, ()), "full-history")) == []


GOOD = {"kind": "conversation", "version": 1, "game": "g", "memory": "none", "opening": 1,
        "messages": [["user", "u", 0], ["assistant", "a", 1]]}


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text(json.dumps(GOOD) + "\n")
    assert read_conversations(tmp_path / "c.jsonl") == [Conversation("g", "none", 1, (("user", "u"), ("assistant", "a")), (1,))]


@pytest.mark.parametrize("line", [
    "{", "[]", json.dumps({**GOOD, "version": 2}), json.dumps({**GOOD, "kind": "trajectory"}), json.dumps({**GOOD, "opening": 0}),
    json.dumps({**GOOD, "messages": [["user", "u"]]}), json.dumps({**GOOD, "messages": [["user", "u", 0], ["user", "a", 1]]}),
])
def test_a_line_that_is_no_conversation_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "c.jsonl").write_text(f"{json.dumps(GOOD)}\n{line}\n")
    with pytest.raises(Refusal, match="line 2"):
        read_conversations(tmp_path / "c.jsonl")


def test_a_file_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    for name in ("missing.jsonl", "empty.jsonl"):
        with pytest.raises(Refusal, match=name):
            read_conversations(tmp_path / name)
