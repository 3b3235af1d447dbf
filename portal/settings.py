"""Settings: what differs between two installations, read once from `PORTAL_*` variables.

A wrong or missing setting stops the start with a sentence that names it (`SettingsError`).
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

KNOWN = {
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "STORAGE_URL",
    "S3_ENDPOINT_URL",
    "SMTP_URL",
    "MAIL_FROM",
    "CONTACT",
    "CLAMD",
    "SECRET_KEY",
    "JOURNAL_KEY",
    "BASE_URL",
    "PROJECT_DIR",
    "TRUSTED_PROXIES",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_DEPARTMENT",
    "TEST_INSTALL",
    "DEMO_DIR",
    "SCREENSHOTS",
}
LATER = {
    "FOUR_EYES",
    "SEAL_CERTIFICATE", "TIMESTAMP_URL", "METRICS_BIND",
}  # fmt: skip
DEMO_SECRET = "demo-only-never-in-production"  # noqa: S105 - the demo's public key; production refuses it


class SettingsError(Exception):
    """One or more settings are wrong; `str()` is a sentence per setting."""


@dataclass(frozen=True)
class Government:
    """The government's sign-in (OpenID Connect): its address, what we are to it, what its words mean to us.

    `roles` pairs a role as the provider tells it with ours; `strong` are the values of `acr` that stand for a second step.
    `department` is the code of the department itself: only there do department roles count.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    department: str = ""
    label: str = "de Vlaamse overheid"
    scope: str = "openid vo"
    role_claim: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    strong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations; `demo` is set by `portal demo` alone."""

    project_dir: Path
    database_url: str
    storage_url: str
    secret_key: str
    base_url: str
    owner_database_url: str | None = None
    s3_endpoint_url: str | None = None
    smtp_url: str = ""
    mail_from: str = "portaal@demo.example"
    contact: str = ""
    clamd: str | None = None
    trusted_proxies: int = 0
    demo: bool = False
    service: str = "Departement Zorg"
    portal_name: str = "Mandaatportaal"
    upload_limit: int = 10_000_000
    files_per_application: int = 30
    government: Government | None = None
    journal_key: str = field(default="", repr=False)

    @property
    def hosts(self) -> list[str]:
        """Names a request may ask for; in the demo any way to reach one's own machine."""
        own = urlsplit(self.base_url).hostname or ""
        return [own, "localhost", "127.0.0.1"] if self.demo else [own]

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel over TLS."""
        return self.base_url.startswith("https://")


def project_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds `config/`, `templates/` and `uploads_schema/`.

    Raises:
        SettingsError: when no such folder can be found.
    """
    named = environ.get("PORTAL_PROJECT_DIR")
    package = Path(__file__).resolve().parent
    candidates = [Path(named)] if named else [package.parent, package / "_project"]
    for candidate in candidates:
        if (candidate / "config").is_dir() and (candidate / "templates").is_dir():
            return candidate.resolve()
    raise SettingsError(
        f"PORTAL_PROJECT_DIR: no config/ and templates/ in {', '.join(str(c) for c in candidates)}."
    )


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a production start from the environment.

    Raises:
        SettingsError: names every setting that is missing, unknown or wrong.
    """
    given = {k.removeprefix("PORTAL_"): v for k, v in environ.items() if k.startswith("PORTAL_")}
    wrong = [f"PORTAL_{name}: there is no such setting." for name in sorted(given.keys() - KNOWN - LATER)]
    wrong += [f"PORTAL_{name}: is not supported yet; leave it out." for name in sorted(given.keys() & LATER)]
    for name in ("DATABASE_URL", "STORAGE_URL", "SECRET_KEY", "BASE_URL", "SMTP_URL", "MAIL_FROM"):
        if not given.get(name):
            wrong.append(f"PORTAL_{name}: is missing.")
    folder = project_dir(environ)
    secret = given.get("SECRET_KEY", "")
    if secret and (len(secret) < 32 or secret == DEMO_SECRET):
        wrong.append("PORTAL_SECRET_KEY: must be at least 32 random characters, and not the demo's.")
    database = given.get("DATABASE_URL", "")
    if database and not database.startswith(("sqlite:///", "postgresql://")):
        wrong.append("PORTAL_DATABASE_URL: must be sqlite:///file or postgresql://user:password@host/database.")
    owner = given.get("OWNER_DATABASE_URL")
    if owner and not (owner.startswith("postgresql://") and database.startswith("postgresql://")):
        wrong.append(
            "PORTAL_OWNER_DATABASE_URL: only with PostgreSQL, like postgresql://owner:password@host/database."
        )
    storage = given.get("STORAGE_URL", "")
    if storage and not re.fullmatch(r"file:///.+|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", storage):
        wrong.append("PORTAL_STORAGE_URL: must be file:///folder or s3://bucket.")
    endpoint = given.get("S3_ENDPOINT_URL")
    if endpoint and not (storage.startswith("s3://") and endpoint.startswith(("http://", "https://"))):
        wrong.append("PORTAL_S3_ENDPOINT_URL: only with s3://bucket, like https://s3.example.")
    base = given.get("BASE_URL", "")
    if base and (urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).hostname):
        wrong.append("PORTAL_BASE_URL: must be an address such as https://portaal.example.")
    smtp = given.get("SMTP_URL", "")
    if smtp and not re.match(r"(smtp|smtps|smtp\+plain)://[^/\s]+", smtp):
        wrong.append("PORTAL_SMTP_URL: must be smtp://user:password@host:587, smtps://… or smtp+plain://….")
    sender = given.get("MAIL_FROM", "")
    if sender and not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", sender):
        wrong.append("PORTAL_MAIL_FROM: must be one mail address.")
    contact = given.get("CONTACT", "")
    if contact and not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", contact):
        wrong.append("PORTAL_CONTACT: must be one mail address.")
    clamd = given.get("CLAMD") or None
    if clamd and not re.fullmatch(r"/.+|[^/:\s]+:\d{1,5}", clamd):
        wrong.append("PORTAL_CLAMD: must be host:port, or the path of clamd's socket.")
    proxies = given.get("TRUSTED_PROXIES") or "0"
    if not re.fullmatch(r"[0-5]", proxies):
        wrong.append("PORTAL_TRUSTED_PROXIES: must be how many proxies stand before the portal: 0 to 5.")
    wrong += _wrong_oidc(given)
    if wrong:
        raise SettingsError("\n".join(wrong))
    known = defaults(folder)
    told: Government = known.pop("government")
    government = replace(
        told, issuer=given.get("OIDC_ISSUER", ""), client_id=given.get("OIDC_CLIENT_ID", ""),
        client_secret=given.get("OIDC_CLIENT_SECRET", ""), department=given.get("OIDC_DEPARTMENT", ""),
    )  # fmt: skip
    return Settings(
        government=government if government.issuer else None,
        project_dir=folder,
        database_url=database,
        storage_url=storage,
        secret_key=secret,
        base_url=base.rstrip("/"),
        owner_database_url=owner,
        s3_endpoint_url=endpoint,
        smtp_url=smtp,
        mail_from=sender,
        contact=contact,
        clamd=clamd,
        trusted_proxies=int(proxies),
        journal_key=given.get("JOURNAL_KEY", ""),
        **known,
    )


def _wrong_oidc(given: Mapping[str, str]) -> list[str]:
    """What is wrong with the settings of the government's sign-in: all of them, or none."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    if not any(given.get(name) for name in (*names, "OIDC_DEPARTMENT")):
        return []
    wrong = [
        f"PORTAL_{name}: is missing, and the other PORTAL_OIDC_ settings need it."
        for name in names
        if not given.get(name)
    ]
    issuer = urlsplit(given.get("OIDC_ISSUER", ""))
    here = issuer.scheme == "http" and issuer.hostname in ("127.0.0.1", "localhost")
    right = (issuer.scheme == "https" or here) and issuer.hostname and not issuer.query and not issuer.fragment
    if given.get("OIDC_ISSUER") and not right:
        wrong.append("PORTAL_OIDC_ISSUER: must be the provider's address, like https://aanmelden.example/op.")
    return wrong


def defaults(folder: Path) -> dict:
    """The public defaults of `config/portal.toml`.

    Raises:
        SettingsError: on a key it does not know or a value of the wrong type.
    """
    path = folder / "config" / "portal.toml"
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise SettingsError(f"config/portal.toml: {problem}") from problem
    types = {
        "service": str, "portal_name": str, "upload_limit": int, "files_per_application": int, "government": dict,
    }  # fmt: skip
    wrong = [
        f"config/portal.toml: {key}: unknown, or not {types.get(key, str).__name__}"
        for key, value in data.items()
        if key not in types or type(value) is not types[key]
    ]
    told = data.get("government", {})
    if isinstance(told, dict):
        wrong += _wrong_government(told)
    if wrong:
        raise SettingsError("\n".join(wrong))
    roles = tuple(told.pop("roles", {}).items())
    strong = tuple(told.pop("strong", ()))
    data["government"] = Government("", "", "", roles=roles, strong=strong, **told)
    return data


def _wrong_government(told: Mapping[str, Any]) -> list[str]:
    kinds = {"label": str, "scope": str, "role_claim": str, "roles": dict, "strong": list}
    wrong = [
        f"config/portal.toml: government.{key}: unknown, or not {kinds.get(key, str).__name__}"
        for key, value in told.items()
        if key not in kinds or type(value) is not kinds[key]
    ]
    asked = told.get("scope", "openid").split()
    if "openid" not in asked or "rrn" in asked:
        wrong.append(
            "config/portal.toml: government.scope: must ask openid, and never rrn (the national number)."
        )
    ours = set(map(str, told.get("roles", {}).values()))
    unknown = ours - {"applicant", "reviewer", "administrator", "cosigner", "auditor"}
    wrong += [f"config/portal.toml: government.roles: there is no role {name}" for name in sorted(unknown)]
    return wrong


def demo(folder: Path, base_url: str) -> Settings:
    """Settings of the demo: everything embedded in one folder, the public secret, no mail server."""
    root = project_dir()
    known = defaults(root)
    known.pop("government")
    return Settings(
        project_dir=root,
        database_url=f"sqlite:///{folder}/portal.sqlite",
        storage_url=f"file://{folder}/files",
        secret_key=DEMO_SECRET,
        base_url=base_url,
        contact="mandaten@demo.example",
        demo=True,
        **known,
    )
