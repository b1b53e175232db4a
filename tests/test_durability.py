"""What was acknowledged is kept, whatever happens to the server."""

import json
import signal
import threading
import time
import uuid
from http.client import HTTPConnection, HTTPException

import pytest

from annotations.models import Annotation
from corpus_app import people
from corpus_app.models import Event
from tests import factories
from tests.serving import served

CLIENTS, WRITES = 4, 125


class Client(threading.Thread):
    """One analyst's program: sends its annotations one by one and again until acknowledged."""

    def __init__(self, desk_port, token: str, revision: str):
        super().__init__()
        self.port, self.token, self.revision = desk_port, token, revision
        self.acknowledged: list[str] = []
        self.odd_answers: list[tuple[int, bytes]] = []

    def run(self):
        for number in range(WRITES):
            body = json.dumps(
                {
                    "id": str(uuid.uuid4()),
                    "revision": self.revision,
                    "kind": "claim",
                    "spans": [{"start": number % 20, "end": 25}],
                }
            )
            self.send_until_answered(body)

    def send_until_answered(self, body: str) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            connection = HTTPConnection("127.0.0.1", self.port[0], timeout=10)
            headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
            try:
                connection.request("POST", "/api/v1/annotations/", body, headers)
                response = connection.getresponse()
                answer = response.read()
            except (OSError, HTTPException):
                time.sleep(0.05)
                continue
            finally:
                connection.close()
            if response.status in (200, 201):
                self.acknowledged.append(json.loads(answer)["id"])
            else:
                self.odd_answers.append((response.status, answer))
            return


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_every_acknowledged_write_survives_a_kill_and_is_there_once(tmp_path):
    project = factories.ProjectFactory()
    article = factories.article(project)
    revision = str(article.revisions.get().pk)
    port = [0]
    clients = []
    for _ in range(CLIENTS):
        analyst = factories.member(project)
        factories.assigned(article, analyst)
        token = people.create_token(by=analyst, name="test", scope="write")[1]
        clients.append(Client(port, token, revision))

    with served(tmp_path, HTTPS="false", LOG_LEVEL="ERROR") as desk:
        port[0] = desk.port
        for client in clients:
            client.start()
        while sum(len(client.acknowledged) for client in clients) < CLIENTS * WRITES // 3:
            time.sleep(0.01)
        desk.end(signal.SIGKILL)
        kept_at_least = {id for client in clients for id in list(client.acknowledged)}
        stored = {str(pk) for pk in Annotation.objects.values_list("pk", flat=True)}
        assert kept_at_least - stored == set()

    with served(tmp_path, HTTPS="false", LOG_LEVEL="ERROR") as desk:
        port[0] = desk.port
        for client in clients:
            client.join()

    acknowledged = [id for client in clients for id in client.acknowledged]
    stored = [str(pk) for pk in Annotation.objects.values_list("pk", flat=True)]
    created = Event.objects.filter(noun="annotation", verb="created")
    assert [client.odd_answers for client in clients] == [[]] * CLIENTS
    assert len(acknowledged) == CLIENTS * WRITES
    assert sorted(acknowledged) == sorted(stored)
    assert sorted(created.values_list("object_id", flat=True)) == sorted(stored)
