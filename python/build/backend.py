"""
Makes the wheel: the package as it lies in src, with the engine that `npm run packages` has put there. A build backend
of its own (PEP 517), so that building needs neither the package index nor anything installed.
"""
import base64
import hashlib
import json
import re
import zipfile
from pathlib import Path

HERE = Path(__file__).parent.parent
TAG = "py3-none-any"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name, version, metadata = _metadata()
    source = HERE / "src" / name
    if not (source / "engine" / "dist" / "serve.mjs").exists():
        raise SystemExit("The wheel carries the engine, which isn't built: run `npm run packages` at the root of the repository.")
    files = {
        path.relative_to(HERE / "src").as_posix(): path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    info = f"{name}-{version}.dist-info"
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: {name}\nRoot-Is-Purelib: true\nTag: {TAG}\n".encode()
    record = f"{info}/RECORD"
    lines = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in files.items()] + [f"{record},,"]
    files[record] = "".join(line + "\n" for line in lines).encode()
    wheel = f"{name}-{version}-{TAG}.whl"
    with zipfile.ZipFile(Path(wheel_directory) / wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            # A fixed date: the same files give the same wheel.
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return wheel


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("There is no source distribution: the engine's source is the repository.")


def _metadata():
    project = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    fields = dict(re.findall(r'^([a-z-]+) = "(.*)"$', project[project.index("[project]"):], re.M))
    engine = (HERE / "src" / fields["name"] / "engine" / "package.json").read_text(encoding="utf-8")
    version = json.loads(engine)["version"]
    head = [
        "Metadata-Version: 2.1",
        f"Name: {fields['name']}",
        f"Version: {version}",
        f"Summary: {fields['description']}",
        f"Requires-Python: {fields['requires-python']}",
        "License: MIT",
        "Description-Content-Type: text/markdown",
    ]
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    return fields["name"], version, "\n".join(head) + "\n\n" + readme


def _digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
