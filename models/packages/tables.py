from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from models.storage.row_id import row_id


class PackageNode(SQLModel, table=True):
    """A package, unit, configuration item or change in the package of a release; ``what`` is the type of node.

    The row of a change only has its place and its link: which changes there are is in the release
    (:mod:`models.packages.tree`).
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
