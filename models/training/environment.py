"""The TypeScript side as a process: games, teacher, prompts (models/environment/main.ts). JSON lines over its pipes."""
from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class EnvironmentFailure(RuntimeError):
    """The environment refused a request; the message names code and reason."""


class Environment:
    def __init__(self, games: Path | None, stream: dict[str, Any], nice: int = 0):
        command = ["nice", "-n", str(nice), "node", "--import", "tsx", "models/environment/main.ts"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.official = self.ask({"op": "open", "games": None if games is None else str(games), "stream": stream})["official"]

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if line == "":
            raise EnvironmentFailure("the environment process has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise EnvironmentFailure(f"{answer['error']['code']}: {answer['error']['message']}")
        return answer

    def conversations(self, count: int) -> list[dict[str, Any]]:
        return self.ask({"op": "conversations", "count": count})["conversations"]

    def begin(self, count: int, memory: str | None = None, k: int | None = None) -> list[dict[str, Any]]:
        """Starts episodes from the training stream."""
        return self.ask({"op": "begin", "count": count, "memory": memory, "k": k})["episodes"]

    def begin_split(self, games: Path, split: str, memory: str, k: int, every: int = 1) -> list[dict[str, Any]]:
        """Starts the games of an official split, or every so many-th."""
        request = {"op": "beginSplit", "games": str(games), "split": split, "memory": memory, "k": k, "every": every}
        return self.ask(request)["episodes"]

    def step(self, replies: list[tuple[int, str, str]]) -> list[dict[str, Any]]:
        return self.ask({"op": "step", "replies": replies})["steps"]

    def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(timeout=30)
