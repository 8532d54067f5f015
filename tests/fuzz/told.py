"""All that schemathesis is told about this API, in one place, with the reasons. No check is switched off."""

from typing import Any

from schemathesis import Case, Response
from schemathesis.config import PositiveDataAcceptanceConfig, SchemathesisConfig
from schemathesis.config._checks import (
    NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES,
    POSITIVE_DATA_ACCEPTANCE_EXPECTED_STATUSES,
    NegativeDataRejectionConfig,
)
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoverageScenario, coverage_scenario
from schemathesis.hooks import HookContext
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.transport.wsgi import WSGI_TRANSPORT, WSGITransport

# A condition on the edition is part of the request's sense, not of its form: a form without fault is answered by
# 412 (another edition) and 428 (no edition named) until the caller has read the thing. So may one with a fault be.
CONDITIONS = ["412", "428"]
BUILT_TO_BE_VALID = {
    CoverageScenario.DEFAULT_POSITIVE_TEST,
    CoverageScenario.VALID_OBJECT,
    CoverageScenario.OBJECT_ONLY_REQUIRED,
    CoverageScenario.OBJECT_REQUIRED_AND_OPTIONAL,
    CoverageScenario.VALID_STRING,
    CoverageScenario.MINIMUM_LENGTH_STRING,
    CoverageScenario.MAXIMUM_LENGTH_STRING,
    CoverageScenario.NEAR_BOUNDARY_LENGTH_STRING,
    CoverageScenario.ENUM_VALUE,
}
OF_CONNECTIONS = ("max_redirects", "verify", "cert", "proxies")


def configure(seed: int) -> SchemathesisConfig:
    config = SchemathesisConfig(seed=seed, color=False)
    config.output.sanitization.update(enabled=False)  # every token here is of the tests' own issuer
    project = config.projects.default
    project.update(continue_on_failure=True, workers=1)
    accepted = [*POSITIVE_DATA_ACCEPTANCE_EXPECTED_STATUSES, *CONDITIONS]
    project.checks.positive_data_acceptance = PositiveDataAcceptanceConfig(expected_statuses=accepted)
    refused = [*NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES, *CONDITIONS]
    project.checks.negative_data_rejection = NegativeDataRejectionConfig(expected_statuses=refused)
    return config


def speak_in_process() -> None:
    """`ignored_auth` asks again with settings of connections, which schemathesis 4.32 forgets to drop in process."""
    WSGI_TRANSPORT.send = _without_connection


def _without_connection(case: Case, **settings: Any) -> Response:
    kept = {name: value for name, value in settings.items() if name not in OF_CONNECTIONS or "session" in settings}
    return WSGITransport.send(WSGI_TRANSPORT, case, **kept)


def filter_failure(context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """False for what is no failure here."""
    if isinstance(failure, RejectedPositiveData):
        return not is_refused_by_a_rule(response)
    if isinstance(failure, AcceptedNegativeData):
        return not (only_adds_to_the_query(case) or was_built_to_be_valid(case))
    return True


def is_refused_by_a_rule(response: Response) -> bool:
    """422 with a code of its own: the form was right, and a rule that no schema can tell was broken."""
    return response.status_code == 422 and response.json().get("code") != "request.invalid"


def was_built_to_be_valid(case: Case) -> bool:
    """In a form all is text: schemathesis 4.32 takes some of what it built to be valid for a fault once it is sent."""
    return case.media_type == "multipart/form-data" and coverage_scenario(case) in BUILT_TO_BE_VALID


def only_adds_to_the_query(case: Case) -> bool:
    """What nobody knows in an address is passed over (mail programs and gateways add such); in a body it is refused.

    Schemathesis holds so too, but judges numbers by the text that is sent, and then takes them for the fault.
    """
    return coverage_scenario(case) is CoverageScenario.OBJECT_UNEXPECTED_PROPERTIES and not case.meta.is_negative_at(
        ParameterLocation.BODY
    )
