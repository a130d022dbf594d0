"""
ALFWorld's text games, the same texts, some thousand times faster: a client of the duomem engine, which runs in Node.

    from duomem.alfworld import get_environment     # in place of alfworld.agents.environment
    from duomem.gym import Env                      # the Gymnasium shape
    from duomem import Client                       # the protocol itself
"""
import json
from pathlib import Path

from .client import Client, EngineError, EngineGone

__all__ = ["Client", "EngineError", "EngineGone"]
__version__ = json.loads((Path(__file__).parent / "engine" / "package.json").read_text(encoding="utf-8"))["version"]
