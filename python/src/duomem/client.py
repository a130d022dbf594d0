"""
Speaks to `duomem serve`: starts it as a process of its own and writes messages into its pipe, or posts them to one that
listens. Messages are described in docs/alfworld.md.
"""
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit

ENGINE = Path(__file__).parent / "engine" / "dist" / "serve.mjs"


class EngineError(RuntimeError):
    """What the engine refused: `code` is stable, the message says what is wrong and what to do."""

    def __init__(self, code, message, place=None):
        super().__init__(f"{place}: {message}" if place else message)
        self.code = code
        self.place = place

    @classmethod
    def of(cls, error):
        return cls(error["code"], error["message"], error.get("place"))


class EngineGone(EngineError):
    """The engine can't be reached, or ended in the middle. Its episodes are lost; a new client starts a new one."""

    def __init__(self, message):
        super().__init__("ENGINE_GONE", message)


class Client:
    """
    A connection to an engine. May be shared by threads (they take turns), not by processes: make one in each.

    games: folders or zips of games; none: homes that the engine makes. dialect: "move" or "put" for every game.
    url: of a `duomem serve --port`; token: the one that it wants. Without a url an engine of its own is started.
    """

    def __init__(self, games=(), dialect=None, max_episodes=None, url=None, token=None):
        if url is not None and (games or dialect or max_episodes):
            raise ValueError("games, dialect and max_episodes are settings of an engine that is started here, not of one at a url")
        if url is None:
            words = [word for path in _paths(games) for word in ("--games", os.fspath(path))]
            words += ["--dialect", dialect] if dialect else []
            words += ["--max-episodes", str(max_episodes)] if max_episodes else []
            self._wire = _Process(words)
        else:
            self._wire = _Http(url, token)
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def request(self, op, **fields):
        """One request, its answer. Raises EngineError where the engine refuses it."""
        return _checked(self._exchange({"op": op, **fields}))

    def batch(self, requests):
        """A list of requests in one message, and their answers; one that was refused holds "error"."""
        requests = list(requests)
        if not requests:
            return []
        answers = self._exchange(requests)
        return answers if isinstance(answers, list) else _checked(answers)

    def _exchange(self, message):
        if os.getpid() != self._owner:
            raise EngineError("OTHER_PROCESS", "this client was made in another process; make one in each process")
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            return json.loads(self._wire.exchange(text.encode("utf-8", "surrogatepass")))

    def close(self):
        """Ends the engine that was started here. More than once does no harm."""
        if os.getpid() == self._owner:
            self._wire.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        if hasattr(self, "_owner"):
            self.close()


def _paths(games):
    return [games] if isinstance(games, (str, os.PathLike)) else list(games)


def _checked(answer):
    if "error" in answer:
        raise EngineError.of(answer["error"])
    return answer


class _Process:
    """An engine as a child process. It ends by itself when this process does: its input ends then."""

    def __init__(self, words):
        node = os.environ.get("DUOMEM_NODE") or shutil.which("node")
        if node is None:
            raise EngineGone("duomem needs Node 20.19 or newer (nodejs.org); there is none on the path, and DUOMEM_NODE names none")
        engine = Path(os.environ.get("DUOMEM_ENGINE", ENGINE))
        if not engine.exists():
            raise EngineGone(f"there is no engine at {engine}; in a clone, `npm run packages` builds it")
        self._said = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                [node, os.fspath(engine), "serve", *words],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said,
            )
        except OSError as error:
            raise EngineGone(f"{node} can't be started: {error}") from error

    def exchange(self, message):
        try:
            self._process.stdin.write(message + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except (OSError, ValueError):  # ValueError: the pipe was closed here
            line = b""
        if line.endswith(b"\n") and self._process.stdin and not self._process.stdin.closed:
            return line
        raise EngineGone(self._ending())

    def _ending(self):
        if self._process.stdin.closed:
            return "the client is closed"
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            code = None
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return f"the engine ended (exit code {code}){': ' + said[-1] if said else ''}"

    def close(self):
        process = self._process
        for stream in (process.stdin, process.stdout):
            try:
                stream.close()
            except OSError:
                pass  # what was still in the buffer can't be written to an engine that has ended
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._said.close()


class _Http:
    """An engine that listens. The connection is kept; one that the engine closed while idle is opened again."""

    def __init__(self, url, token):
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"an engine's address looks like http://127.0.0.1:8400, not {url}")
        self._at = (parts.hostname, parts.port or 80)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._connection = None

    def exchange(self, message):
        fresh = self._connection is None
        try:
            if fresh:
                self._connection = http.client.HTTPConnection(*self._at, timeout=120)
            self._connection.request("POST", "/", message, self._headers)
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise EngineGone(f"the engine at {self._at[0]}:{self._at[1]} doesn't answer: {error or type(error).__name__}") from error
        if response.getheader("Content-Type", "").startswith("application/json"):
            return body
        raise EngineGone(f"what answers at {self._at[0]}:{self._at[1]} is no engine (status {response.status})")

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None
