"""The development issuer over HTTP: what OpenID Connect says of discovery, keys and tokens, and no more."""

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from .clients import Denied, Form, granted
from .signing import SigningKey

routes = Blueprint("issuer", __name__)


def create_issuer(name: str, key: SigningKey, audience: str = "halqa", in_charge: str = "") -> Flask:
    """`name` is what its tokens say; `in_charge` is the issuer that services trust, if one is configured."""
    app = Flask("halqa-issuer", static_folder=None)
    app.config |= {"NAME": name, "KEY": key, "AUDIENCE": audience, "IN_CHARGE": in_charge or name}
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024
    app.register_blueprint(routes)
    app.register_error_handler(Denied, _denied)
    return app


@routes.before_app_request
def _refuse_beside_another() -> Response | None:
    in_charge = current_app.config["IN_CHARGE"]
    if in_charge == current_app.config["NAME"]:
        return None
    detail = f"Tokens come from {in_charge}, as HALQA_ISSUER says; the development issuer gives none."
    told = {"type": "urn:halqa:problem:issuer.replaced", "title": "Issuer: replaced", "status": 403}
    return _json(told | {"code": "issuer.replaced", "detail": detail}, 403, "application/problem+json")


@routes.get("/.well-known/openid-configuration")
def discover() -> Response:
    name = current_app.config["NAME"]
    methods = ["client_secret_basic", "client_secret_post"]
    return jsonify(
        issuer=name,
        jwks_uri=f"{name}/jwks",
        token_endpoint=f"{name}/token",
        grant_types_supported=["client_credentials"],
        token_endpoint_auth_methods_supported=methods,
        response_types_supported=["none"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["EdDSA"],
    )


@routes.get("/jwks")
def show_keys() -> Response:
    return jsonify(current_app.config["KEY"].published())


@routes.get("/health/ready")
def be_ready() -> Response:
    return jsonify(status="ready")


@routes.post("/token")
def give_token() -> Response:
    config, (client, secret) = current_app.config, _client(request.form)
    actor, lifetime = granted(client, secret, request.form)
    token = config["KEY"].token(config["NAME"], config["AUDIENCE"], actor, lifetime)
    told = {"access_token": token, "token_type": "Bearer", "expires_in": int(lifetime.total_seconds())}
    return _json(told, 200)


def _client(form: Form) -> tuple[str, str]:
    login = request.authorization
    if login and login.type == "basic":
        return login.username or "", login.password or ""
    return form.get("client_id", ""), form.get("client_secret", "")


def _denied(denied: Denied) -> Response:
    status = 401 if denied.error == "invalid_client" else 400
    answer = _json({"error": denied.error, "error_description": denied.description}, status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="halqa-issuer"'
    return answer


def _json(told: dict, status: int, kind: str = "application/json") -> Response:
    answer = jsonify(told)
    answer.status_code, answer.content_type = status, kind
    answer.headers["Cache-Control"] = "no-store"
    return answer
