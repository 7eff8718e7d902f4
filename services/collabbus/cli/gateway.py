"""Gateway: who may use it; for installations that have no issuer of tokens of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="网关: tokens for the gateway.")


@app.command("issuer")
def issuer(
    folder: Annotated[Path, typer.Argument(help="Folder for issuer.json and jwks.json.")],
) -> None:
    """签发密钥: make a key that signs tokens, and the JWKS file that a gateway believes."""
    from collabbus.gateway.issuing import make_issuer

    made = make_issuer(folder)
    print(f"已生成 made: {made[0]} (私钥 private), {made[1]} (公钥 public)")


@app.command("token")
def token(
    office: Annotated[str, typer.Argument(help="Whose token, such as beijing/haidian.")],
    issuer_key: Annotated[Path, typer.Option("--issuer", help="The issuer.json.")],
    officer: Annotated[str, typer.Option(help="The officer; a system may have none.")] = "",
    role: Annotated[str, typer.Option(help="reader, officer or system.")] = "officer",
    hours: Annotated[float, typer.Option(help="For how long it is good.")] = 8.0,
    audience: Annotated[str, typer.Option(help="As COLLABBUS_GATEWAY_AUDIENCE.")] = "collabbus",
) -> None:
    """签发令牌: print a signed token."""
    from collabbus.gateway.issuing import issue

    print(issue(issuer_key, office, officer, role, hours=hours, audience=audience))
