"""`portal seed`: synthetic data for measuring, in an empty database."""

from __future__ import annotations

import secrets

import click

from portal import definitions
from portal import settings as portal_settings
from portal.clock import SystemClock
from portal.db import Database
from portal.documents.stores import from_settings


@click.command()
@click.option("--applications", type=click.IntRange(1, 100_000), required=True, help="Being judged.")
@click.option("--drafts", type=click.IntRange(0, 100_000), default=0, show_default=True, help="Not yet sent.")
@click.option("--region", help="All in this one region, instead of spread over all.")
def seed(applications: int, drafts: int, region: str | None) -> None:
    """Fill an empty, migrated database with synthetic applications, by the real verbs."""
    from portal import compose
    from portal.demo.seeding import NotEmpty
    from portal.demo.seeding import seed as fill

    settings = portal_settings.read()
    defined = definitions.load(settings.project_dir)
    known = [r.key for r in defined.regions]
    if region is not None and region not in known:
        raise click.ClickException(f"there is no region {region}; there are: {', '.join(known)}")
    password = secrets.token_urlsafe(12)
    try:
        skipped = fill(
            Database(settings.database_url, compose.hooks(settings, defined)),
            from_settings(settings),
            defined,
            applications=applications,
            drafts=drafts,
            regions=[region] if region else known,
            password=password,
            now=SystemClock().now(),
            tell=click.echo,
        )
    except NotEmpty:
        raise click.ClickException(
            "this database holds accounts already; seed fills an empty one only"
        ) from None
    if skipped:
        raise click.ClickException("skipped: " + "; ".join(skipped[:10]))
    click.echo(f"Accounts such as beheerder@demo.example and lead-g0@demo.example take the password {password}")
