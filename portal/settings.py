"""Settings: what differs between two installations, read once from `PORTAL_*` variables and
`config/portal.toml`.

A wrong or missing setting stops the start with a sentence that names it (`SettingsError`).
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from portal.addresses import is_address

PREFIX = "PORTAL_"
LATER = frozenset({"FOUR_EYES", "SEAL_CERTIFICATE", "TIMESTAMP_URL", "METRICS_BIND"})
DEMO_SECRET = "demo-only-never-in-production"  # noqa: S105 - the demo's public key; production refuses it
INSTALLED = frozenset({"issuer", "client_id", "client_secret", "department"})  # variables, never in a file
FILE = "config/portal.toml"


class SettingsError(Exception):
    """One or more settings are wrong; `str()` is a sentence per setting."""


def _fits(pattern: str, sentence: str) -> AfterValidator:
    """A text is empty or wholly of this form; a sentence says which."""

    def check(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise ValueError(sentence)
        return text

    return AfterValidator(check)


Text = Annotated[str, Field(strict=True)]
Count = Annotated[int, Field(strict=True, gt=0)]


def _mailable(address: str) -> str:
    if address and not is_address(address):
        raise ValueError("must be one mail address.")
    return address


OneAddress = Annotated[str, AfterValidator(_mailable)]
SmtpUrl = Annotated[
    str,
    _fits(
        r"(smtp|smtps|smtp\+plain)://[^/\s]+\S*",
        "must be smtp://user:password@host:587, smtps://… or smtp+plain://….",
    ),
]
Pairs = Annotated[
    tuple[tuple[str, Literal["applicant", "reviewer", "administrator", "cosigner", "auditor"]], ...],
    Field(strict=True),
    BeforeValidator(lambda told: tuple(told.items()) if isinstance(told, dict) else told),
]


class Government(BaseModel):
    """The government's sign-in (OpenID Connect): its address, what we are to it, what its words mean to us.

    `roles` pairs a role as the provider tells it with ours; `strong` are the values of `acr` that stand for a
    second step. `department` is the code of the department itself: only there do department roles count.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    issuer: str = ""
    client_id: str = ""
    client_secret: str = Field(default="", repr=False)
    department: str = ""
    label: Text = "de Vlaamse overheid"
    scope: Text = "openid vo"
    role_claim: Text = ""
    roles: Pairs = ()
    strong: tuple[Text, ...] = ()

    @field_validator("issuer")
    @classmethod
    def _issuer(cls, address: str) -> str:
        known = urlsplit(address)
        here = known.scheme == "http" and known.hostname in ("127.0.0.1", "localhost")
        right = (known.scheme == "https" or here) and known.hostname and not known.query and not known.fragment
        if address and not right:
            raise ValueError("must be the provider's address, like https://aanmelden.example/op.")
        return address

    @field_validator("scope")
    @classmethod
    def _scope(cls, scope: str) -> str:
        asked = scope.split()
        if "openid" not in asked or "rrn" in asked:
            raise ValueError("must ask openid, and never rrn (the national number).")
        return scope


class Public(BaseModel):
    """What `config/portal.toml` may say: public, and right for every installation of this customer."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    service: Text = "Departement Zorg"
    portal_name: Text = "Mandaatportaal"
    upload_limit: Count = 10_000_000  # bytes of one file
    files_per_application: Count = 30
    approval_days: Count = 5  # working days in which the department strives to answer who asks to act
    oidc: Government = Government()


class Settings(Public, BaseSettings):
    """Everything that differs between installations; `demo` is set by `portal demo` alone.

    Made from values it reads no environment: `read` does, for a production start.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )
    project_dir: Path
    database_url: Annotated[
        str,
        _fits(
            r"(sqlite:///|postgresql://).*",
            "must be sqlite:///file or postgresql://user:password@host/database.",
        ),
    ]
    storage_url: Annotated[
        str,
        _fits(r"file:///.+|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "must be file:///folder or s3://bucket."),
    ]
    secret_key: str = Field(repr=False)
    base_url: str
    owner_database_url: str = ""
    s3_endpoint_url: str = ""
    smtp_url: SmtpUrl = Field(default="", repr=False)
    mail_from: OneAddress = "portaal@demo.example"
    contact_email: OneAddress = ""
    contact_phone: str = Field(default="", max_length=40)
    contact_address: str = Field(default="", max_length=200)
    clamd: Annotated[
        str, _fits(r"/.+|[^/:\s]+:\d{1,5}", "must be host:port, or the path of clamd's socket.")
    ] = ""
    trusted_proxies: int = 0
    demo: bool = False
    journal_key: str = Field(default="", repr=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, and nothing from around."""
        return (init_settings,)

    @field_validator("owner_database_url")
    @classmethod
    def _owner(cls, url: str, told: ValidationInfo) -> str:
        both = url.startswith("postgresql://") and told.data.get("database_url", url).startswith(
            "postgresql://"
        )
        if url and not both:
            raise ValueError("only with PostgreSQL, like postgresql://owner:password@host/database.")
        return url

    @field_validator("s3_endpoint_url")
    @classmethod
    def _endpoint(cls, url: str, told: ValidationInfo) -> str:
        with_s3 = told.data.get("storage_url", "s3://").startswith("s3://")
        if url and not (with_s3 and url.startswith(("http://", "https://"))):
            raise ValueError("only with s3://bucket, like https://s3.example.")
        return url

    @field_validator("base_url")
    @classmethod
    def _base(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ValueError("must be an address such as https://portaal.example.")
        return url.rstrip("/")

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _proxies(cls, number: Any) -> Any:
        if not re.fullmatch(r"[0-5]", str(number)):
            raise ValueError("must be how many proxies stand before the portal: 0 to 5.")
        return number

    @property
    def government(self) -> Government | None:
        """The government's sign-in, where there is one."""
        return self.oidc if self.oidc.issuer else None

    @property
    def contact(self) -> str:
        """How people reach the service, on one line; empty where the settings do not say."""
        return ", ".join(filter(None, (self.contact_email, self.contact_phone, self.contact_address)))

    @property
    def hosts(self) -> list[str]:
        """Names a request may ask for; in the demo any way to reach one's own machine."""
        own = urlsplit(self.base_url).hostname or ""
        return [own, "localhost", "127.0.0.1"] if self.demo else [own]

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel over TLS."""
        return self.base_url.startswith("https://")


class Production(Settings):
    """The settings of a department's own start: what the demo does without is asked."""

    smtp_url: SmtpUrl = Field(repr=False)
    mail_from: OneAddress
    contact_email: OneAddress
    contact_phone: str = Field(min_length=6, max_length=40)
    contact_address: str = Field(min_length=6, max_length=200)
    demo: Literal[False] = False

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, secret: str) -> str:
        if len(secret) < 32 or secret == DEMO_SECRET:
            raise ValueError("must be at least 32 random characters, and not the demo's.")
        return secret


def project_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder that holds `config/`, `templates/` and `uploads_schema/`.

    Raises:
        SettingsError: when no such folder can be found.
    """
    named = environ.get(f"{PREFIX}PROJECT_DIR")
    package = Path(__file__).resolve().parent
    candidates = [Path(named)] if named else [package.parent, package / "_project"]
    for candidate in candidates:
        if (candidate / "config").is_dir() and (candidate / "templates").is_dir():
            return candidate.resolve()
    raise SettingsError(
        f"{PREFIX}PROJECT_DIR: no config/ and templates/ in {', '.join(str(c) for c in candidates)}."
    )


def names() -> frozenset[str]:
    """The variables there are, without their prefix."""
    inside = {f"OIDC_{name.upper()}" for name in INSTALLED}
    return frozenset(
        {name.upper() for name in Production.model_fields if name not in {*Public.model_fields, "demo"}}
        | inside
    )


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of a production start from the environment.

    Raises:
        SettingsError: names every setting that is missing, unknown or wrong.
    """
    given = {k.removeprefix(PREFIX): v for k, v in environ.items() if k.startswith(PREFIX)}
    strange = sorted(given.keys() - names())
    wrong = [f"{PREFIX}{name}: there is no such setting." for name in strange if name not in LATER]
    wrong += [f"{PREFIX}{name}: is not supported yet; leave it out." for name in strange if name in LATER]
    folder = project_dir(environ)
    told = {**_around({k: v for k, v in given.items() if v and k in names()}), "project_dir": folder}
    known = defaults(folder)
    told["oidc"] = {**known.pop("oidc", {}), **told.get("oidc", {})}
    wrong += _half_told(told["oidc"])
    try:
        found = Production(**{**known, **told})
    except ValidationError as problem:
        raise SettingsError("\n".join([*wrong, *_lines(problem)])) from None
    if wrong:
        raise SettingsError("\n".join(wrong))
    return found


def _around(given: Mapping[str, str]) -> dict[str, Any]:
    """What variables that there are say, by field."""
    source = EnvSettingsSource(Production)
    source.env_vars = {f"{PREFIX}{name}".lower(): value for name, value in given.items()}
    return source()


def _half_told(oidc: Mapping[str, Any]) -> list[str]:
    """What is missing of the government's sign-in: all of it is told, or none."""
    if not any(oidc.get(name) for name in INSTALLED):
        return []
    return [
        f"{PREFIX}OIDC_{name.upper()}: is missing, and the other {PREFIX}OIDC_ settings need it."
        for name in ("issuer", "client_id", "client_secret")
        if not oidc.get(name)
    ]


def _lines(problem: ValidationError, *, of_file: bool = False) -> Iterator[str]:
    """One sentence for each setting that is wrong, with where it stands: a key of the file, or a variable."""
    for error in problem.errors(include_url=False, include_input=False):
        path = [str(part) for part in error["loc"]]
        where = f"{FILE}: {'.'.join(path)}" if of_file else PREFIX + "_".join(path).upper()
        yield f"{where}: {_reason(error['type'], error['msg'])}"


def _reason(kind: str, message: str) -> str:
    return {"missing": "is missing.", "extra_forbidden": "there is no such setting."}.get(
        kind, message.removeprefix("Value error, ")
    )


def defaults(folder: Path) -> dict[str, Any]:
    """The public defaults of `config/portal.toml`.

    Raises:
        SettingsError: on a key it does not know or a value of the wrong type.
    """
    try:
        data = tomllib.loads((folder / FILE).read_text("utf-8"))
        Public(**data)
    except (OSError, tomllib.TOMLDecodeError) as problem:
        raise SettingsError(f"{FILE}: {problem}") from problem
    except ValidationError as problem:
        raise SettingsError("\n".join(_lines(problem, of_file=True))) from None
    if hidden := sorted(INSTALLED & data.get("oidc", {}).keys()):
        raise SettingsError(f"{FILE}: oidc.{hidden[0]}: is a {PREFIX}OIDC_ variable, never in a file.")
    return data


def demo(folder: Path, base_url: str) -> Settings:
    """Settings of the demo: everything embedded in one folder, the public secret, no mail server."""
    root = project_dir()
    known = defaults(root)
    return Settings(
        project_dir=root,
        database_url=f"sqlite:///{folder}/portal.sqlite",
        storage_url=f"file://{folder}/files",
        secret_key=DEMO_SECRET,
        base_url=base_url,
        contact_email="mandaten@demo.example",
        contact_phone="02 000 00 00 (demo)",
        contact_address="Voorbeeldstraat 1, 1000 Brussel (demo)",
        demo=True,
        **known,
    )
