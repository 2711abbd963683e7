"""The API's own page: the description, readable and to be tried out, with nothing from outside."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from litestar import Response, get
from litestar.params import PathParameter

from oncedesk.http.problems import Refused, problem

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_START = b"""\
window.addEventListener("load", () => {
  SwaggerUIBundle({
    url: "openapi/openapi.json",
    dom_id: "#page",
    deepLinking: true,
    validatorUrl: null,
    docExpansion: "none",
    tagsSorter: "alpha",
  });
});
"""
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Oncedesk API</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
# The page styles what it draws by itself; scripts, pictures and questions come from here only.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_DAY = "public, max-age=86400"

Name = Annotated[str, PathParameter(max_length=64)]


@get("/docs", include_in_schema=False, media_type="text/html")
async def page() -> Response[str]:
    """The page itself."""
    headers = {"Content-Security-Policy": _POLICY}
    return Response(_PAGE, media_type="text/html", headers=headers)


@get("/docs/{name:str}", include_in_schema=False, sync_to_thread=True)
def asset(name: Name) -> Response[bytes]:
    """What the page is made of, and nothing else that lies beside it."""
    if name == "start.js":
        return Response(_START, media_type="text/javascript")
    if name not in _ASSETS:
        raise Refused(problem("not_found"))
    content = (_folder() / name).read_bytes()
    return Response(content, media_type=_ASSETS[name], headers={"Cache-Control": _DAY})


def _folder() -> Path:
    """Where the package with the page's parts has them; it is not imported for that."""
    spec = find_spec("swagger_ui")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(next(iter(spec.submodule_search_locations))) / "static"


ROUTES = (page, asset)
