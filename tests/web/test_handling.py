from starlette.testclient import TestClient


def test_an_unknown_address_is_a_problem_document_for_a_program(client: TestClient) -> None:
    response = client.get("/api/v1/nothing", headers={"accept": "application/json"})

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:anodeprint:problem:not-found"
