"""What is entered in the form of a release."""

from handlers.dispatch.fields import Entered
from models.releases.request.form import RequestForm


def request_entered(fields: Entered, service: str) -> RequestForm:
    """What is entered for ``service``, which the form of a release that exists does not ask for."""
    return RequestForm(
        service=service,
        type=fields.text("type"),
        title=fields.text("title"),
        description=fields.text("description"),
        changes=fields.text("changes"),
        window_start=fields.moment("window_start"),
        window_end=fields.moment("window_end"),
        method=fields.text("method"),
        back_out_plan=fields.text("back_out_plan"),
        items=fields.text("items"),
    )
