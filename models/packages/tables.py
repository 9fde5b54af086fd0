"""What is kept of a package: its nodes."""

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from models.storage.row_id import row_id


class PackageNode(SQLModel, table=True):
    """One package, unit or configuration item of a release, and where it stands.

    A row whose ``what`` is ``change`` keeps the place and the link of one of the release's authorised changes;
    which ones there are says the release (see :mod:`models.packages.tree`).
    """

    __tablename__ = "package_node"

    id: int = row_id()
    release_id: int = Field(foreign_key="release.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="package_node.id", index=True)
    position: int
    what: str
    key: str
    name: str = ""
    kind: str = ""
    version: str = ""
    link: str = Field(default="", sa_column=Column(Text, nullable=False))
