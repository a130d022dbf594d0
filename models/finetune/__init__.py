"""LoRA adapters for any Hugging Face causal model from a teacher's trajectories (paper, section 3.3). models/README.md tells how."""
