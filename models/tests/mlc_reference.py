"""MLC weights computed in numpy from a Hugging Face folder, independently of src/weights: what `duomem convert` writes
must equal this bit for bit. Written from mlc-llm's group_quantization.py, qwen3_loader.py and llama_loader.py and TVM's tvmjs.py.

    python tests/mlc_reference.py FOLDER QUANTIZATION [bf16|f32]     # SHA-256 of every record, as JSON
"""
from __future__ import annotations

import hashlib
import json
import struct
import sys
from pathlib import Path

import numpy as np

GROUP = 32


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """All tensors of one file in f32."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, info in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in info["data_offsets"])
        raw = data[begin:end]
        if info["dtype"] == "BF16":
            values = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
        else:
            values = np.frombuffer(raw, {"F16": "<f2", "F32": "<f4"}[info["dtype"]]).astype(np.float32)
        tensors[name] = values.reshape(info["shape"])
    return tensors


def read_checkpoint(folder: Path) -> dict[str, np.ndarray]:
    tensors = {}
    for path in sorted(folder.glob("*.safetensors")):
        tensors.update(read_safetensors(path))
    return tensors


def quantise(weights: np.ndarray, dtype: type) -> tuple[np.ndarray, np.ndarray]:
    """Words [rows, 4 * groups] and scales [rows, groups]; every operation in the model's type, halves away from zero."""
    w = weights.astype(dtype)
    rows, columns = w.shape
    groups = -(-columns // GROUP)
    padded = np.zeros((rows, groups * GROUP), dtype)
    padded[:, :columns] = w
    grouped = padded.reshape(rows, groups, GROUP)
    scale = (np.abs(grouped).max(axis=2) / dtype(7)).astype(dtype)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        position = (grouped / scale[:, :, None]).astype(dtype) + dtype(7)
    assert position.dtype == dtype
    rounded = np.floor(position.astype(np.float64) + 0.5)
    q = np.clip(np.where(scale[:, :, None] == 0, 7.0, rounded), 0, 14).astype(np.uint32).reshape(rows, -1)
    q[:, columns:] = 0
    shifts = np.arange(8, dtype=np.uint32) * 4
    words = (q.reshape(rows, -1, 8) << shifts).sum(axis=2, dtype=np.uint32)
    return words, scale


def dequantise(words: np.ndarray, scales: np.ndarray, columns: int) -> np.ndarray:
    shifts = np.arange(8, dtype=np.uint32) * 4
    q = ((words[:, :, None] >> shifts) & 15).reshape(len(words), -1)[:, :columns].astype(np.float32)
    return (q - 7) * np.repeat(scales.astype(np.float32), GROUP, axis=1)[:, :columns]


def to_bfloat16(values: np.ndarray) -> np.ndarray:
    """As TVM packs f32: to the nearest, ties to even; beyond the largest it is cut."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    bias = np.where((bits & 0x7FFFFFFF) < 0x7F7F0000, ((bits >> 16) & 1) + 0x7FFF, 0).astype(np.uint32)
    return ((bits + bias) >> 16).astype("<u2")


def stored(values: np.ndarray, storage: str) -> bytes:
    if values.dtype == np.float32 and storage == "bf16":
        return to_bfloat16(values).tobytes()
    return np.ascontiguousarray(values).tobytes()


def mlc_parameters(weights: dict[str, np.ndarray], config: dict) -> dict[str, np.ndarray]:
    """MLC's parameters in f32: projections stacked."""
    parameters = {}
    for name, value in weights.items():
        if ".self_attn.q_proj." in name:
            parts = [weights[name.replace("q_proj", projection)] for projection in ("q_proj", "k_proj", "v_proj")]
            stacked = "qkv_proj" if config["model_type"] == "llama" else "c_attn"
            parameters[name.replace("q_proj", stacked)] = np.concatenate(parts)
        elif ".mlp.gate_proj." in name:
            parts = [weights[name.replace("gate_proj", projection)] for projection in ("gate_proj", "up_proj")]
            parameters[name.replace("gate_proj", "gate_up_proj")] = np.concatenate(parts)
        elif not any(part in name for part in (".k_proj.", ".v_proj.", ".up_proj.")):
            if name != "lm_head.weight" or not config.get("tie_word_embeddings"):
                parameters[name] = value
    return parameters


def mlc_records(weights: dict[str, np.ndarray], config: dict, quantization: str, storage: str = "bf16") -> dict[str, bytes]:
    """The bytes of every record by its name."""
    dtype = np.float16 if "f16" in quantization else np.float32
    records = {}
    for name, value in mlc_parameters(weights, config).items():
        if value.ndim == 2 and quantization.startswith("q4"):
            words, scales = quantise(value, dtype)
            stem = name.removesuffix(".weight")
            records[f"{stem}.q_weight"] = words.astype("<u4").tobytes()
            records[f"{stem}.q_scale"] = stored(scales, storage)
        else:
            records[name] = stored(value.astype(dtype), storage)
    return records


def read_mlc_folder(folder: Path) -> dict[str, bytes]:
    """The bytes of every record that an MLC folder holds."""
    records = {}
    for shard in json.loads((folder / "tensor-cache.json").read_text())["records"]:
        data = (folder / shard["dataPath"]).read_bytes()
        assert len(data) == shard["nbytes"], shard["dataPath"]
        for record in shard["records"]:
            records[record["name"]] = data[record["byteOffset"] : record["byteOffset"] + record["nbytes"]]
    return records


def digests(folder: Path, quantization: str, storage: str = "bf16") -> dict[str, str]:
    config = json.loads((folder / "config.json").read_text())
    records = mlc_records(read_checkpoint(folder), config, quantization, storage)
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(records.items())}


if __name__ == "__main__":
    print(json.dumps(digests(Path(sys.argv[1]), *sys.argv[2:])))
