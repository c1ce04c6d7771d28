"""The web app: the published build and the readers' pages over HTTP (starlette, uvicorn)."""
