"""Keys: made, signed for, replaced."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from collabbus.cli.options import Contracts, Keys, settings_of

app = typer.Typer(no_args_is_help=True, help="密钥: keys and their directory.")


@app.command("generate")
def generate(
    contracts: Contracts = None,
    keys: Keys = None,
    offices: Annotated[
        list[str] | None, typer.Option("--office", help="Only these offices; all if left out.")
    ] = None,
) -> None:
    """生成密钥: make the keys that operators, regions and offices lack, and sign the directory."""
    from collabbus.contracts import load
    from collabbus.keyring import load_directory
    from collabbus.operate.keys import generate

    settings = settings_of(None, region="none", contracts=contracts, keys=keys)
    networks = load(settings.contracts).networks.values()
    made = generate(settings.keys, networks, offices=offices, now_ms=time.time_ns() // 1_000_000)
    version = load_directory(settings.keys).version
    if not made:
        print(f"nobody lacks a key in {settings.keys}; the directory stays at version {version}")
        return
    print(f"{len(made)} files in {settings.keys}; the private ones are mode 0600")
    print(f"密钥目录 the key directory is at version {version}: hand it to all regions")


@app.command("sign")
def sign(keys: Keys = None) -> None:
    """签署密钥目录: sign the directory anew after a change."""
    from collabbus.operate.keys import sign

    print("signed by", *sign(settings_of(None, region="none", keys=keys).keys))


@app.command("rotate")
def rotate(
    holder: str,
    use: Annotated[str, typer.Argument(help="submit, sign or seal")],
    keys: Keys = None,
) -> None:
    """轮换密钥: give a region or an office a further key, valid from now on."""
    from collabbus.link.keys import Use
    from collabbus.operate.keys import rotate

    settings = settings_of(None, region="none", keys=keys)
    print(rotate(settings.keys, holder, Use(use), now_ms=time.time_ns() // 1_000_000).id)
