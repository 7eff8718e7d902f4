"""Generate and check everything that is derived from the protobuf files.

`python schemas/generate.py` writes `schemas/python/`, `docs/catalogue.md` and the handlers' verbs
(`matters.py`; they follow the lifecycles, too) anew; with `--check` it changes nothing and exits 1
when what is committed differs, when buf's linter or formatter objects, or when a change breaks
readers of the baseline image `contracts/baseline.binpb`. `--baseline` moves the baseline.

`buf/validate/validate.proto` isn't in the tree: its descriptor is taken from the installed
protovalidate, so rules and validator are always of one version.
"""

from __future__ import annotations

import filecmp
import subprocess
import sys
import tempfile
from pathlib import Path

import catalogue
import matters
from google.protobuf import descriptor_pb2
from protovalidate._gen.buf.validate import validate_pb

SCHEMAS = Path(__file__).parent
BIN = Path(sys.executable).parent
CATALOGUE = SCHEMAS.parent / "docs" / "catalogue.md"
BASELINE = SCHEMAS.parent / "contracts" / "baseline.binpb"
OURS = sorted(str(p.relative_to(SCHEMAS)) for p in SCHEMAS.glob("collab/**/*.proto"))
VALIDATE = "buf/validate/validate.proto"


def run(*command: str) -> None:
    """Run a tool of this environment; exit with its status if it objects."""
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=SCHEMAS, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def validate_descriptors(target: Path) -> None:
    """Write the descriptors of validate.proto, with what it imports, to `target`."""
    found = descriptor_pb2.FileDescriptorSet()
    seen: set[str] = set()

    def add(desc: object) -> None:
        proto = descriptor_pb2.FileDescriptorProto.FromString(desc.proto.to_binary())  # type: ignore[attr-defined]
        if proto.name in seen:
            return
        seen.add(proto.name)
        for dependency in desc.dependencies:  # type: ignore[attr-defined]
            add(dependency)
        found.file.append(proto)

    add(validate_pb.desc())
    target.write_bytes(found.SerializeToString())


def generate(out: Path, work: Path) -> Path:
    """Fill `out` with Python modules and their stubs; give the image of all our files."""
    validate = work / "validate.binpb"
    image = work / "image.binpb"
    validate_descriptors(validate)
    out.mkdir(parents=True, exist_ok=True)
    sources = [f"--descriptor_set_in={validate}", f"--proto_path={SCHEMAS}"]
    run("protoc", *sources, f"--python_out={out}", f"--pyi_out={out}", *OURS, VALIDATE)
    run(
        "protoc", *sources, "--include_imports", "--include_source_info",
        f"--descriptor_set_out={image}", *OURS,
    )  # fmt: skip
    return image


def main(arguments: list[str]) -> int:
    """Do what the module says; give the exit code."""
    committed = SCHEMAS / "python"
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if "--check" not in arguments:
            image = generate(committed, work)
            run("buf", "format", "--write", ".")
            CATALOGUE.write_text(catalogue.document(catalogue.read(image.read_bytes())), "utf-8")
            if "--baseline" in arguments or not BASELINE.exists():
                BASELINE.write_bytes(image.read_bytes())
            matters.TARGET.write_text(matters.document(), "utf-8")
            return 0
        image = generate(work / "python", work)
        fresh = {p.relative_to(work / "python") for p in (work / "python").rglob("*.py*")}
        old = {
            p.relative_to(committed)
            for p in committed.rglob("*.py*")
            if "__pycache__" not in p.parts and p.name != "py.typed"
        }
        changed = fresh ^ old | {
            p
            for p in fresh & old
            if not filecmp.cmp(work / "python" / p, committed / p, shallow=False)
        }
        if changed:
            print("generated code is not current, run `make schemas`:", *sorted(map(str, changed)))
            return 1
        if CATALOGUE.read_text("utf-8") != catalogue.document(catalogue.read(image.read_bytes())):
            print(f"{CATALOGUE.name} is not current, run `make schemas`")
            return 1
        if matters.TARGET.read_text("utf-8") != matters.document():
            print(f"{matters.TARGET.name} is not current, run `make schemas`")
            return 1
        run("buf", "format", "--diff", "--exit-code", ".")
        run("buf", "lint", str(image), "--config", "buf.yaml")
        run("buf", "breaking", str(image), "--against", str(BASELINE), "--config", "buf.yaml")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
