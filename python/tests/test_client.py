"""The client and the engine: what is refused, what breaks, what is shared."""
import contextlib
import multiprocessing
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from duomem import Client, EngineError, EngineGone
from duomem.batch import Batch
from duomem.client import ENGINE

SOURCE = str(Path(__file__).parent.parent / "src")


@pytest.fixture()
def client():
    with Client() as made:
        yield made


def test_a_refusal_has_a_code_and_says_what_to_do(client):
    with pytest.raises(EngineError) as caught:
        client.request("step", episode="nobody", action="look")
    assert caught.value.code == "EPISODE_UNKNOWN"
    assert "reset opens one" in str(caught.value)
    assert client.request("info")["open"] == 0


def test_text_of_any_script_goes_there_and_back(client):
    client.request("reset", episode="\u00e9\U0001f600", home=1)
    answer = client.request("step", episode="\u00e9\U0001f600", action="go to \u2028 \U0001f600 \x00\r\n")
    assert answer["episode"] == "\u00e9\U0001f600"
    assert answer["observation"] == "Nothing happens."
    # Half a surrogate pair, as a broken tokeniser makes it, is no reason to fall over.
    assert client.request("step", episode="\u00e9\U0001f600", action="look \ud83d")["observation"] == "Nothing happens."


def test_an_engine_that_is_killed_in_the_middle_is_an_exception_and_nothing_hangs():
    client = Client()
    client.request("info")
    client._wire._process.kill()
    with pytest.raises(EngineGone, match="the engine ended"):
        for _ in range(3):
            client.request("info")
    with pytest.raises(EngineGone):
        client.request("info")
    client.close()
    with pytest.raises(EngineGone, match="closed"):
        client.request("info")


def test_an_engine_that_is_killed_while_it_works():
    client = Client()
    batch = Batch(client, 8)
    batch.reset([{"home": 1}] * 8)
    threading.Timer(0.2, client._wire._process.kill).start()
    with pytest.raises(EngineGone):
        while True:
            batch.step(["look"] * 8)
    client.close()


def test_the_engine_ends_with_a_client_that_is_killed(tmp_path):
    said = tmp_path / "pid"
    script = textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {SOURCE!r})
        from duomem import Client
        client = Client()
        client.request("info")
        open({str(said)!r}, "w").write(str(client._wire._process.pid))
        print("ready", flush=True)
        time.sleep(600)
    """)
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert child.stdout.readline().strip() == b"ready"
    engine = int(said.read_text())
    child.kill()
    child.wait()
    child.stdout.close()
    while True:  # ends when the engine has; the run as a whole has a limit
        try:
            os.kill(engine, 0)
        except ProcessLookupError:
            break
        if _is_zombie(engine):
            break


def _is_zombie(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return False


def test_what_keeps_the_engine_from_starting_is_said(monkeypatch, tmp_path):
    with Client(games=tmp_path / "nowhere.zip") as client, pytest.raises(EngineGone, match="no such file"):
        client.request("info")
    monkeypatch.setenv("DUOMEM_NODE", str(tmp_path / "node"))
    with pytest.raises(EngineGone, match="can't be started"):
        Client()
    monkeypatch.delenv("DUOMEM_NODE")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineGone, match="needs Node"):
        Client()
    monkeypatch.setenv("DUOMEM_ENGINE", str(tmp_path / "none.mjs"))
    monkeypatch.setenv("DUOMEM_NODE", sys.executable)
    with pytest.raises(EngineGone, match="npm run packages"):
        Client()


def test_threads_take_turns(client):
    seen = []

    def play(home):
        batch = Batch(client, 2)
        task = batch.reset([{"home": home}] * 2)["task"]
        for _ in range(30):
            batch.step(["look", "inventory"])
        seen.append((home, task, batch.step(["inventory", "look"])["observation"]))

    threads = [threading.Thread(target=play, args=(home,)) for home in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(home for home, _, _ in seen) == list(range(1, 9))
    for _, _, (inventory, _) in seen:
        assert inventory == "You are not carrying anything."


def _ask_in_child(client, answers):
    try:
        client.request("info")
    except EngineError as error:
        answers.put(error.code)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_client_is_for_the_process_that_made_it(client):
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=_ask_in_child, args=(client, answers))
    child.start()
    assert answers.get() == "OTHER_PROCESS"
    child.join()
    assert client.request("info")["name"] == "duomem"


def test_a_thousand_episodes_in_one_engine(client):
    batch = Batch(client, 1000)
    batch.reset([{"home": 1 + i % 5} for i in range(1000)])
    answer = batch.step(["look"] * 1000)
    assert len(answer["observation"]) == 1000 and answer["steps"] == [1] * 1000
    assert client.request("info")["open"] == 1000
    batch.close()
    assert client.request("info")["open"] == 0


def test_lines_may_end_as_windows_ends_them(client):
    client._wire._process.stdin.write(b'{"op":"info"}\r\n\r\n')
    client._wire._process.stdin.flush()
    assert b'"name":"duomem"' in client._wire._process.stdout.readline()
    assert client.request("info")["open"] == 0


@pytest.fixture()
def listening():
    """An engine that listens, with a token: its process and its address."""
    process = subprocess.Popen(
        [os.environ.get("DUOMEM_NODE") or shutil.which("node"), str(ENGINE), "serve", "--port", "0", "--token", "t"],
        stdout=subprocess.PIPE,
    )
    yield process, json.loads(process.stdout.readline())["listening"]
    process.kill()
    process.wait()
    process.stdout.close()


def test_two_clients_of_an_engine_that_listens(listening):
    process, url = listening
    with Client(url=url, token="t") as first, Client(url=url, token="t") as second:
        batches = [Batch(one, 2) for one in (first, second)]
        for batch in batches:
            batch.reset([{"home": 1}, {"home": 2}])
        assert [batch.step(["look"] * 2)["steps"] for batch in batches] == [[1, 1], [1, 1]]
        with Client(url=url) as stranger, pytest.raises(EngineError, match="token"):
            stranger.request("info")
        process.kill()
        process.wait()
        with pytest.raises(EngineGone, match="doesn't answer"):
            first.request("info")


# A process that is stopped neither answers nor ends, as one on a machine that hangs.
stops = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes can't be stopped here")


@stops
@pytest.mark.parametrize("size", [1, 2_000_000], ids=["while it is waited for", "while it is written to"])
def test_an_engine_that_stops_answering_is_an_exception_after_the_timeout(size):
    client = Client(timeout=30)
    client.request("info")
    client._wire._timeout = 0.5  # short only now: starting takes its time on a busy machine
    os.kill(client._wire._process.pid, signal.SIGSTOP)
    with pytest.raises(EngineGone, match="gave no answer within 0.5 seconds"):
        client.request("step", episode="x", action="y" * size)
    with pytest.raises(EngineGone, match="gave no answer"):
        client.request("info")
    client.close()


@stops
def test_an_engine_that_listens_and_stops_answering(listening):
    process, url = listening
    with Client(url=url, token="t", timeout=1) as client:
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(EngineGone, match="doesn't answer: timed out"):
            client.request("info")
        os.kill(process.pid, signal.SIGCONT)
    with Client(url=url, token="t") as client:
        assert client.request("info")["open"] == 0


@pytest.mark.parametrize("drip", [b"X-Slow: 1\r\n", None], ids=["in its headers", "in its body"])
def test_an_answer_that_never_comes_to_its_end_is_an_exception_after_the_timeout(drip):
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = threading.Event()

        def answer_for_ever():
            talking, _ = server.accept()
            with talking, contextlib.suppress(OSError):
                talking.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
                if drip is None:
                    talking.sendall(b"Content-Length: 1000000\r\n\r\n")
                # Each piece comes long before a read of its own would time out, and there are fewer than HTTP allows.
                for _ in range(80):
                    talking.sendall(drip or b" ")
                    if over.wait(0.1):
                        return

        thread = threading.Thread(target=answer_for_ever)
        thread.start()
        with Client(url=f"http://127.0.0.1:{server.getsockname()[1]}", timeout=0.5) as client:
            with pytest.raises(EngineGone, match="doesn't answer: timed out"):
                client.request("info")
        assert thread.is_alive()  # it would have gone on
        over.set()
        thread.join()


@stops
def test_ctrl_c_in_the_middle_of_a_message_mixes_no_answers_up():
    with Client() as client:
        client.request("info")
        assert os.getpgid(client._wire._process.pid) != os.getpgid(0)
        os.kill(client._wire._process.pid, signal.SIGSTOP)
        interrupt = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        interrupt.start()
        with pytest.raises(KeyboardInterrupt):
            client.request("games")
        interrupt.join()
        with pytest.raises(EngineGone, match="interrupted"):
            client.request("info")


def test_a_client_that_nobody_holds_any_more_ends_its_engine():
    client = Client()
    client.request("info")
    process = client._wire._process
    del client
    assert process.wait(timeout=60) is not None


def test_a_refusal_gives_a_terminal_nothing_to_obey():
    told = EngineError("X", "a\x1b[2J\x9b31m\u202e\tb\n\u05d0", "g\x07")
    assert str(told) == "g\\u0007: a\\u001b[2J\\u009b31m\\u202e\tb\n\u05d0"


def test_a_timeout_is_a_number_of_seconds():
    with pytest.raises(ValueError, match="seconds above 0"):
        Client(timeout=0)
