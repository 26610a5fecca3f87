"""The public HTTP API under `/api/v1`: what the pages do, for programs.

Owns: addresses and shapes of requests and answers, and nothing that is kept. Each endpoint calls one
query or one verb with the actor of its token; whatever a verb refuses becomes a problem document.

Promises: a token does what its person may, within its scopes; a write under one `Idempotency-Key` happens
once and is answered alike; lists go on by opaque cursors that stay right while rows are added; every
answer, errors included, is described in `docs/openapi.json`.
"""
