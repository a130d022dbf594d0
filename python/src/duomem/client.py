"""
Speaks to `duomem serve`: starts it as a process of its own and writes messages into its pipe, or posts them to one that
listens. Messages are described in docs/alfworld.md.
"""
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

ENGINE = Path(__file__).parent / "engine" / "dist" / "serve.mjs"


# What a terminal obeys, or turns a line around by: games and servers may hold it.
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def inert(text):
    """A text for people, with every character that acts written out, as the engine's own command line writes it."""
    return ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class EngineError(RuntimeError):
    """What the engine refused: `code` is stable, the message says what is wrong and what to do."""

    def __init__(self, code, message, place=None):
        super().__init__(inert(f"{place}: {message}" if place else message))
        self.code = code
        self.place = place

    @classmethod
    def of(cls, error):
        return cls(error["code"], error["message"], error.get("place"))


class EngineGone(EngineError):
    """The engine can't be reached, ended, or gave no answer in time. Its episodes are lost; a new client starts a new one."""

    def __init__(self, message):
        super().__init__("ENGINE_GONE", message)


class Client:
    """
    A connection to an engine. May be shared by threads (they take turns), not by processes: make one in each.

    games: folders or zips of games; none: homes that the engine makes. dialect: "move" or "put" for every game.
    goals: "human" for tasks in the words of ALFRED's annotators. timeout: the most seconds that an answer may take.
    url: of a `duomem serve --port`; token: the one that it wants. Without a url an engine of its own is started.
    """

    def __init__(self, games=(), dialect=None, max_episodes=None, url=None, token=None, goals=None, timeout=300):
        if not timeout > 0:
            raise ValueError(f"timeout is a number of seconds above 0, not {timeout}")
        if url is not None and (games or dialect or max_episodes or goals):
            raise ValueError("games, dialect, goals and max_episodes are settings of an engine that is started here, not of one at a url")
        if url is None:
            words = [word for path in _paths(games) for word in ("--games", os.fspath(path))]
            words += ["--dialect", dialect] if dialect else []
            words += ["--goals", goals] if goals else []
            words += ["--max-episodes", str(max_episodes)] if max_episodes else []
            self._wire = _Process(words, timeout)
        else:
            self._wire = _Http(url, token, timeout)
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
    """
    An engine as a child process. It ends by itself when this process does: its input ends then. Reading and writing
    wait without a limit; a thread that keeps the time ends an engine that takes too long, and so ends the wait.
    """

    def __init__(self, words, timeout):
        node = os.environ.get("DUOMEM_NODE") or shutil.which("node")
        if node is None:
            raise EngineGone("duomem needs Node 20.19 or newer (nodejs.org); there is none on the path, and DUOMEM_NODE names none")
        engine = Path(os.environ.get("DUOMEM_ENGINE", ENGINE))
        if not engine.exists():
            raise EngineGone(f"there is no engine at {engine}; in a clone, `npm run packages` builds it")
        self._timeout = timeout
        self._deadline = self._ended_for = None
        self._closed = False
        self._closing = threading.Event()
        self._said = tempfile.TemporaryFile()
        # Out of the terminal's process group: Ctrl-C is this process's to deal with, and the engine stays.
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}
        try:
            self._process = subprocess.Popen(
                [node, os.fspath(engine), "serve", *words],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, **apart,
            )
        except OSError as error:
            raise EngineGone(f"{node} can't be started: {error}") from error
        threading.Thread(target=self._keep_time, name="duomem", daemon=True).start()

    def _keep_time(self):
        while not self._closing.wait(min(1, self._timeout / 4)):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self._end(f"it gave no answer within {self._timeout:g} seconds")

    def _end(self, why):
        self._ended_for = self._ended_for or why
        self._process.kill()

    def exchange(self, message):
        if self._closed:
            raise EngineGone("the client is closed")
        line = b""
        self._deadline = time.monotonic() + self._timeout
        try:
            self._write(message + b"\n")
            line = self._process.stdout.readline()
        except (OSError, ValueError):
            pass  # an engine that has ended takes nothing, nor does one that another thread has closed; told below
        except BaseException:
            # Ctrl-C: the answer that is under way would be taken for the next one's.
            self._end("a message was interrupted before its answer came")
            raise
        finally:
            self._deadline = None
        if line.endswith(b"\n"):
            return line
        raise EngineGone(self._ending())

    def _write(self, message):
        # Past the stream's buffer, which would be written once more, and waited for, when it's closed.
        rest = memoryview(message)
        while rest:
            rest = rest[os.write(self._process.stdin.fileno(), rest):]

    def _ending(self):
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            code = None
        if self._ended_for:
            return f"the engine was ended: {self._ended_for}"
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return f"the engine ended (exit code {code}){': ' + said[-1] if said else ''}"

    def close(self):
        if self._closed:
            return
        self._closed = True
        process = self._process
        process.stdin.close()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        self._closing.set()
        self._said.close()


class _Socket(socket.socket):
    """All that it reads and writes ends by one deadline: a limit on each read is none where a byte comes now and then."""

    deadline = float("inf")

    def hurry(self):
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.settimeout(left)

    def recv_into(self, *words):
        self.hurry()
        return super().recv_into(*words)

    def sendall(self, *words):
        self.hurry()
        return super().sendall(*words)


class _Connection(http.client.HTTPConnection):
    """One with a deadline for all of an exchange: connecting, sending, and the whole answer."""

    def begin(self, timeout):
        self._deadline = time.monotonic() + timeout
        if self.sock is not None:
            self.sock.deadline = self._deadline

    def connect(self):
        failed = OSError("it has no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM):
            tried = _Socket(family, kind, protocol)
            tried.deadline = self._deadline
            try:
                tried.hurry()
                tried.connect(address)
                tried.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.sock = tried
                return
            except OSError as error:
                tried.close()
                failed = error
        raise failed


class _Http:
    """An engine that listens. The connection is kept; one that the engine closed while idle is opened again."""

    def __init__(self, url, token, timeout):
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"an engine's address looks like http://127.0.0.1:8400, not {url}")
        self._at = (parts.hostname, parts.port or 80)
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._timeout = timeout
        self._connection = None

    def exchange(self, message):
        try:
            if self._connection is None:
                self._connection = _Connection(*self._at)
            self._connection.begin(self._timeout)
            self._connection.request("POST", "/", message, self._headers)
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise EngineGone(f"the engine at {self._at[0]}:{self._at[1]} doesn't answer: {error or type(error).__name__}") from error
        except BaseException:
            self.close()  # Ctrl-C: what is under way must not become the next answer
            raise
        if response.getheader("Content-Type", "").startswith("application/json"):
            return body
        raise EngineGone(f"what answers at {self._at[0]}:{self._at[1]} is no engine (status {response.status})")

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None
