"""Real parts for tests, each started on a free port of its own and ended by its own process id.

A missing part skips the tests that need it, with a line that says what to install; in CI that is a failure.
"""

from __future__ import annotations

import datetime
import email.policy
import io
import itertools
import json
import os
import re
import secrets
import select
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import URL, create_engine

from portal.documents.s3 import S3Storage
from portal.documents.scanning import Clamd
from portal.settings import Government


def missing(what: str, package: str) -> None:
    """Skip, or fail in CI, for want of a part."""
    message = f"needs {what}: apt-get install {package} (or PORTAL_TEST_INSTALL=1 make test, as root)"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


PORTS = 4000  # for each process of tests: below those that the system gives out itself
_turns = itertools.count(secrets.randbelow(PORTS))


def free_port() -> int:
    """A port nobody listens on, of those that only this process of tests gives out, each in turn.

    A server listens a moment later, and some let another listen on theirs: a port that two were given answers
    for both.
    """
    first = 12_000 + PORTS * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for turn in itertools.islice(_turns, PORTS):
        port = first + turn % PORTS
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


def until(ready: Callable[[], Any], process: subprocess.Popen | None = None, seconds: float = 30) -> Any:
    """Ask `ready` until it answers without an error; what it answered."""
    last: Exception | None = None
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process is not None and process.poll() is not None:
            break
        try:
            return ready()
        except Exception as problem:
            last = problem
            time.sleep(0.05)
    raise AssertionError(f"a part did not start: {last}")


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run these at the same moment; what came of each."""
    gate, found = threading.Barrier(len(works)), [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        gate.wait()
        found[index] = work()

    threads = [threading.Thread(target=run, args=(i, w)) for i, w in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@dataclass
class PostgreSQL:
    """A running server: a superuser, the owner of the tables, and the portal's own role."""

    port: int
    password: str

    def url(self, database: str, role: str = "portal") -> URL:
        """How to reach `database` as `role`."""
        return URL.create("postgresql", role, self.password, "127.0.0.1", self.port, database)

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, outside any transaction."""
        url = self.url(database, "postgres").set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


def postgres_binaries() -> Path | None:
    """The folder of the newest server that Debian installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    return found[-1].parent if found else None


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[PostgreSQL]:
    """A server of its own, run as an unprivileged user, gone with its data afterwards.

    Unless it must be `durable` it does not wait for the disk: tests never lose power.
    """
    binaries = postgres_binaries()
    if binaries is None:
        missing("PostgreSQL", "postgresql")
    as_nobody = [] if os.geteuid() else ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    base = Path(tempfile.mkdtemp())
    base.chmod(0o711)
    data, password, port = base / "data", base / "password", free_port()
    data.mkdir()
    secret = secrets.token_hex(8)
    password.write_text(secret)
    if as_nobody:
        shutil.chown(data, "nobody", "nogroup")
    subprocess.run(
        [
            *as_nobody,
            f"{binaries}/initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--pwfile",
            password,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
    )
    careless = () if durable else ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    options = (*careless, "max_connections=200")
    log = (base / "log").open("w")
    process = subprocess.Popen(
        [
            *as_nobody,
            f"{binaries}/postgres",
            "-D",
            data,
            "-p",
            str(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-k",
            data,
            *(part for option in options for part in ("-c", option)),
        ],
        cwd="/",
        stdout=log,
        stderr=log,
    )
    server = PostgreSQL(port, secret)
    try:
        until(lambda: server.run("SELECT 1"), process)
        for role in ("portal_owner", "portal"):
            server.run(f"CREATE ROLE {role} LOGIN PASSWORD '{secret}'")
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        log.close()
        shutil.rmtree(base, ignore_errors=True)


@dataclass
class S3:
    """A running S3 server and who may use it."""

    endpoint: str
    secret: str
    user: str = "AKTEST"

    def storage(self, bucket: str = "mandaat", **changes: Any) -> S3Storage:
        """The portal's store on this server."""
        known = {
            "endpoint_url": self.endpoint, "aws_access_key_id": self.user, "aws_secret_access_key": self.secret,
            "region_name": "us-east-1", **changes,
        }  # fmt: skip
        return S3Storage(bucket, **known)


@contextmanager
def seaweed() -> Iterator[S3]:
    """SeaweedFS with one bucket, in a folder of its own."""
    folder = Path(tempfile.mkdtemp())
    secret, ports = secrets.token_hex(10), [port_below(20_000) for _each in range(6)]
    s3, master, volume, filer, admin, metrics = ports
    command = [
        f"{sys.prefix}/bin/weed",
        "-logtostderr",
        "mini",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.port={s3}",
        "-s3.port.iceberg=0",
        f"-master.port={master}",
        f"-volume.port={volume}",
        f"-filer.port={filer}",
        "-admin.ui=false",
        f"-admin.port={admin}",
        f"-metricsPort={metrics}",
        "-master.telemetry=false",
        "-webdav=false",
        "-bucket=mandaat",
    ]
    keys = {"AWS_ACCESS_KEY_ID": "AKTEST", "AWS_SECRET_ACCESS_KEY": secret}
    log = (folder / "log").open("w")
    process = subprocess.Popen(command, env={**os.environ, **keys}, cwd=folder, stdout=log, stderr=log)
    server = S3(f"http://127.0.0.1:{s3}", secret)
    try:
        until(lambda: server.storage().put(io.BytesIO(b"1"), limit=1), process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def port_below(most: int) -> int:
    """A free port that leaves room for the one 10,000 above it, which SeaweedFS takes too."""
    while True:
        port = secrets.randbelow(most - 11_000) + 11_000
        with socket.socket() as low, socket.socket() as high:
            try:
                low.bind(("127.0.0.1", port))
                high.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
            return port


class Faulty(socketserver.ThreadingTCPServer):
    """Stands before a real server and does, connection by connection, what `plan` says; then passes on.

    `busy` answers 503, `cut` takes a little of the request and hangs up, `deaf` takes everything but loses the
    answer.
    """

    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int, plan: list[str]) -> None:
        self.target, self.plan, self.seen = port, plan, 0
        super().__init__(("127.0.0.1", 0), _Fault)

    def __enter__(self) -> Any:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def endpoint(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


BUSY = b"<Error><Code>SlowDown</Code></Error>"


class _Fault(socketserver.BaseRequestHandler):
    server: Faulty

    def handle(self) -> None:
        self.server.seen += 1
        what = self.server.plan.pop(0) if self.server.plan else "pass"
        if what == "cut":
            self.request.recv(1000)
            return
        if what == "busy":
            self.request.recv(1 << 16)
            head = f"HTTP/1.1 503 Slow Down\r\nContent-Length: {len(BUSY)}\r\nConnection: close\r\n\r\n"
            self.request.sendall(head.encode() + BUSY)
            while self.request.recv(1 << 16):
                pass
            return
        with socket.create_connection(("127.0.0.1", self.server.target)) as real:
            self._pass(real, deaf=what == "deaf")

    def _pass(self, real: socket.socket, *, deaf: bool) -> None:
        while True:
            for ready in select.select([self.request, real], [], [], 10)[0]:
                data = ready.recv(1 << 16)
                if not data or (deaf and ready is real and b"HTTP/1.1 200" in data):
                    return
                (real if ready is self.request else self.request).sendall(data)


class Inbox:
    """What an SMTP server received, and what it says to which address."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, list[str]] = {}

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        answer = self.answers[address].pop(0) if self.answers.get(address) else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@dataclass
class Smtp:
    """A running SMTP server that asks for STARTTLS and a password, and the certificate to trust it by."""

    port: int
    cafile: Path
    inbox: Inbox

    def url(self, *, host: str = "localhost", password: str = "geheim", trusted: bool = True) -> str:
        """How the portal names it."""
        more = f"?cafile={self.cafile}" if trusted else ""
        return f"smtp://portaal:{password}@{host}:{self.port}{more}"


@contextmanager
def smtp(folder: Path) -> Iterator[Smtp]:
    """A real SMTP server on a free port."""
    inbox, port = Inbox(), free_port()
    certificate = self_signed(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, folder / "key.pem")

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"portaal", b"geheim"), handled=False)

    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=known,
    )
    controller.start()
    try:
        yield Smtp(port, certificate, inbox)
    finally:
        controller.stop()


def self_signed(folder: Path) -> Path:
    """A certificate for localhost with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - a certificate lives in real time
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem"


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@contextmanager
def clamd(*, most: int = 20_000_000) -> Iterator[str]:
    """A real clamd whose signatures know one virus, the harmless EICAR; how it is reached."""
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    if not Path(program).exists():
        missing("ClamAV", "clamav-daemon")
    folder, port = Path(tempfile.mkdtemp()), free_port()
    (folder / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    (folder / "clamd.conf").write_text(
        f"TCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\nDatabaseDirectory {folder}\nStreamMaxLength "
        f"{most}\n"
    )
    log = (folder / "log").open("w")
    process = subprocess.Popen([program, "-c", folder / "clamd.conf"], stdout=log, stderr=log)
    address = f"127.0.0.1:{port}"
    try:
        until(lambda: Clamd(address).check(), process)
        yield address
    finally:
        process.terminate()
        process.wait(10)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Provider:
    """A certified OpenID provider that runs; it knows everybody, and says of them what it was told."""

    port: int
    redirect_uri: str

    @property
    def government(self) -> Government:
        """The settings of a portal that trusts it."""
        return Government(
            issuer=f"http://127.0.0.1:{self.port}",
            client_id="portaal",
            client_secret="een-geheim-van-de-proef",
            department="OVO999999",
            role_claim="mandaatportaal_rol_3d",
            roles=(("Aanvrager", "applicant"), ("Beheerder", "administrator"), ("Beoordelaar", "reviewer")),
            strong=("urn:proef:sterk",),
        )

    def says(self, who: str, **claims: Any) -> None:
        """What it says of somebody from the next sign-in on."""
        query = urllib.parse.urlencode({"wie": who, "claims": json.dumps(claims)})
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/kies?{query}") as answer:
            assert answer.read() == b"ja"

    def visit(self, url: str, who: str, browser: requests.Session | None = None) -> str:
        """Sign in there as `who`, as a person with a browser does; where that leads back to."""
        browser = browser or requests.Session()
        answer = browser.get(url, allow_redirects=False)
        for _step in range(12):
            where = answer.headers.get("Location", "")
            if where.startswith(self.redirect_uri):
                return where
            if where:
                answer = browser.get(urllib.parse.urljoin(answer.url, where), allow_redirects=False)
                continue
            action = re.search(r'action="([^"]+)"', answer.text)
            assert action, answer.text
            login = 'name="login"' in answer.text
            data = {"prompt": "login", "login": who, "password": "x"} if login else {"prompt": "consent"}
            answer = browser.post(urllib.parse.urljoin(answer.url, action[1]), data=data, allow_redirects=False)
        raise AssertionError(f"no way back from {answer.url}")


@contextmanager
def openid_provider(redirect_uri: str) -> Iterator[Provider]:
    """The provider of `tests/real/oidc`, on a free port."""
    folder = Path(__file__).parent / "real" / "oidc"
    if shutil.which("node") is None or not (folder / "node_modules").is_dir():
        missing("an OpenID provider", "nodejs npm, then: npm ci --prefix tests/real/oidc")
    port = free_port()
    process = subprocess.Popen(
        ["node", folder / "provider.mjs", str(port), redirect_uri],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        about = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
        until(lambda: urllib.request.urlopen(about).read(), process)
        yield Provider(port, redirect_uri)
    finally:
        process.terminate()
        process.wait(10)
