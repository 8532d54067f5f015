"""Topology: what the subscriptions declare is shown, applied to each version of RabbitMQ, and compared with it."""

import json
import os
import subprocess
import sys

import kombu
import pytest
from amqp.exceptions import AccessRefused
from bells import BellRung, listeners, service, service_with, settings, write_down
from click.testing import CliRunner, Result

from shared.events import MemberLeft
from shared.messaging.push import topology
from shared.messaging.push.management import Binding, Management
from shared.messaging.subscriptions import Subscriptions
from shared.running.command import command_of
from shared.running.service import Service
from shared.running.topology_commands import demand_topology
from shared.testing import issuer
from shared.testing.servers import Broker
from shared.testing.virtual_host import EVERYTHING, VirtualHost
from shared.testing.waiting import eventually

RING = BellRung.wire_type


def run(*words: str, broker: Broker | VirtualHost | None = None, of: Service = service, **environment: str) -> Result:
    """`python -m bells topology …`, in this process."""
    here = {"HALQA_BROKER_MANAGEMENT_URL": broker.management_url, "HALQA_BROKER_URL": broker.url} if broker else {}
    return CliRunner().invoke(command_of(of), ["topology", *words], env=here | environment)


@pytest.fixture
def management(virtual_host):
    with Management(virtual_host.management_url, virtual_host.name) as management:
        yield management


@pytest.fixture
def applied(virtual_host) -> VirtualHost:
    assert run("apply", broker=virtual_host).exit_code == 0
    return virtual_host


def put(broker: Broker | VirtualHost, queue: str, body: str) -> None:
    with kombu.Connection(broker.url) as connection:
        kombu.Producer(connection).publish(body, routing_key=queue)


def test_show_prints_what_is_asked_for_and_needs_no_broker():
    shown = run("show").output
    for word in ("bells.ear.dead", "x-single-active-consumer", RING, "at-least-once", "reject-publish", "1000000"):
        assert word in shown


def test_show_tells_programs_the_same():
    shown = json.loads(run("show", "--json").output)
    assert shown["exchanges"] == [{"name": "events", "type": "topic"}, {"name": "events.dlx", "type": "topic"}]
    dead, ear = shown["queues"]
    assert (dead["name"], dead["arguments"]) == ("bells.ear.dead", {"x-queue-type": "quorum"})
    assert ear["arguments"] == {"x-queue-type": "quorum", "x-single-active-consumer": True}
    assert ear["bindings"] == [{"exchange": "events", "routing_key": RING}]
    assert ear["policy"]["definition"] == {
        "delivery-limit": 20,
        "max-length": 1_000_000,
        "dead-letter-exchange": "events.dlx",
        "dead-letter-routing-key": "bells.ear.dead",
        "dead-letter-strategy": "at-least-once",
        "overflow": "reject-publish",
    }


@pytest.mark.parametrize("command", ["check", "apply"])
def test_without_an_address_there_is_nothing_to_compare_with(command):
    answer = run(command, HALQA_BROKER_MANAGEMENT_URL="")
    assert answer.exit_code == 2
    assert "services make their queues themselves" in answer.output


def test_apply_makes_all_says_so_and_finds_nothing_to_do_the_second_time(virtual_host, management):
    before, first = run("check", broker=virtual_host), run("apply", broker=virtual_host)
    assert before.exit_code == 1
    assert "missing      queue bells.ear" in before.output and "`topology apply`" in before.output
    assert first.exit_code == 0
    for made in ("exchange events.dlx", "policy bells.ear", "queue bells.ear.dead", f"binding events -- {RING}"):
        assert f"made {made}" in first.output
    assert {name: queue.policy for name, queue in management.queues().items()} == {
        "bells.ear": "bells.ear",
        "bells.ear.dead": "bells.ear.dead",
    }
    assert "made" not in run("apply", broker=virtual_host).output
    assert run("check", broker=virtual_host).exit_code == 0


def test_a_dry_run_says_what_it_would_do_and_does_nothing(virtual_host, management):
    answer = run("apply", "--dry-run", broker=virtual_host)
    assert answer.exit_code == 0
    assert "would have made queue bells.ear\n" in answer.output
    assert "has all" not in answer.output
    assert (management.queues(), management.policies()) == ({}, {})


def test_a_policy_that_was_changed_is_seen_and_put_right(applied, management):
    policy = management.policies()["bells.ear"]
    management.put_policy("bells.ear", policy | {"definition": policy["definition"] | {"delivery-limit": 3}})
    seen = run("check", broker=applied)
    assert seen.exit_code == 1
    assert "policy bells.ear: delivery-limit is 3, should be 20\n" in seen.output
    assert "changed policy bells.ear" in run("apply", broker=applied).output
    assert management.policies()["bells.ear"] == policy


@pytest.mark.parametrize("rule", ["dead-letter-exchange", "dead-letter-strategy", "overflow"])
def test_each_precondition_of_losing_no_dead_letter_is_demanded(applied, management, rule):
    policy = management.policies()["bells.ear"]
    left = {key: value for key, value in policy["definition"].items() if key != rule}
    management.put_policy("bells.ear", policy | {"definition": left})
    with pytest.raises(SystemExit, match=f"{rule} is absent"):
        demand(applied)


def test_a_policy_of_somebody_else_that_takes_precedence_is_seen_and_left_to_a_person(applied, management):
    other = {"pattern": ".*", "apply-to": "queues", "priority": 99, "definition": {"max-length": 5}}
    management.put_policy("theirs", other)
    eventually(lambda: management.queues()["bells.ear"].policy == "theirs")
    answer = run("apply", broker=applied)
    assert answer.exit_code == 1
    assert "queue bells.ear: obeys the policy theirs" in answer.output and "priority below 10" in answer.output
    assert management.policies()["theirs"] == other


def test_a_binding_for_what_is_no_longer_heard_is_shown_and_removed(applied, management):
    management.bind(Binding("events", "bells.bell_broken.v1", "bells.ear"))
    seen = run("check", broker=applied)
    assert seen.exit_code == 1
    assert "superfluous  binding events -- bells.bell_broken.v1 -> bells.ear" in seen.output
    assert "removed binding events -- bells.bell_broken.v1" in run("apply", broker=applied).output
    assert Binding("events", RING, "bells.ear") in management.bindings()
    assert "bells.bell_broken.v1" not in str(management.bindings())


def test_a_queue_that_is_no_longer_declared_gets_nothing_new_and_keeps_what_it_has(applied, management):
    management.put_queue("bells.nose", {"x-queue-type": "quorum"})
    management.bind(Binding("events", RING, "bells.nose"))
    put(applied, "bells.nose", "precious")
    eventually(lambda: "holds 1 messages" in run("check", broker=applied).output)
    answer = run("apply", broker=applied)
    assert f"removed binding events -- {RING} -> bells.nose" in answer.output
    assert answer.exit_code == 1
    assert "superfluous  queue bells.nose" in answer.output and "rabbitmqctl delete_queue bells.nose" in answer.output
    assert management.queues()["bells.nose"].messages == 1


def test_a_policy_whose_queue_has_gone_is_removed(applied, management):
    management.put_policy("bells.nose", {"pattern": "^nose$", "definition": {"max-length": 5}})
    assert "removed policy bells.nose" in run("apply", broker=applied).output
    assert set(management.policies()) == {"bells.ear", "bells.ear.dead"}


def test_what_belongs_to_others_is_left_alone(applied, management):
    management.put_queue("whistles.ear", {"x-queue-type": "quorum"})
    management.bind(Binding("events", "bells.bell_broken.v1", "whistles.ear"))
    management.put_policy("whistles.ear", {"pattern": "^whistles", "definition": {"max-length": 5}})
    assert run("check", broker=applied).exit_code == 0
    assert "removed" not in run("apply", broker=applied).output


def test_a_queue_with_other_arguments_is_left_to_a_person_who_is_told_how(virtual_host, management):
    management.put_queue("bells.ear", {"x-queue-type": "quorum"})
    answer = run("apply", broker=virtual_host)
    assert answer.exit_code == 1
    assert "queue bells.ear: x-single-active-consumer is absent, should be True" in answer.output
    for step in ("stop the `work` of every service", "rabbitmqctl delete_queue bells.ear", "`topology apply`"):
        assert step in answer.output
    assert management.queues()["bells.ear"].arguments == {"x-queue-type": "quorum"}


def test_a_queue_that_a_service_made_itself_is_not_taken_for_an_applied_one(virtual_host):
    with kombu.Connection(virtual_host.url) as connection:
        topology.declare(connection.default_channel, listeners())
    answer = run("check", broker=virtual_host)
    assert "queue bells.ear: x-dead-letter-exchange is events.dlx, should be absent" in answer.output


def test_an_exchange_of_another_type_is_left_to_a_person(virtual_host, management):
    management.put_exchange("events", "fanout")
    answer = run("apply", broker=virtual_host)
    assert answer.exit_code == 1
    assert "exchange events: is fanout, should be topic" in answer.output


def test_declaring_a_queue_that_has_other_arguments_is_refused_and_explained(virtual_host, management):
    management.put_queue("bells.ear", {"x-queue-type": "quorum"})
    with kombu.Connection(virtual_host.url) as connection, pytest.raises(topology.NotAsDeclared) as refused:
        topology.declare(connection.default_channel, listeners())
    assert "PRECONDITION_FAILED" in str(refused.value) and "bells.ear" in str(refused.value)
    assert "`python -m bells topology check`" in str(refused.value)


# Those who apply, and those who only work.


@pytest.fixture
def deployer(virtual_host) -> Broker:
    return virtual_host.user("policymaker", configure=EVERYTHING, write=EVERYTHING, read=EVERYTHING)


@pytest.fixture
def worker(virtual_host) -> Broker:
    """As deploy/README.md grants it: may send, hear and look, and make nothing."""
    return virtual_host.user("management", write="^events$", read=r"^bells\..*$")


def demand(broker: Broker | VirtualHost) -> None:
    told = settings("sqlite://", broker_url=broker.url, broker_management_url=broker.management_url)
    demand_topology(service, told)


def test_somebody_who_is_no_administrator_can_apply_and_a_worker_can_look(deployer, worker):
    assert run("apply", broker=deployer).exit_code == 0
    assert run("check", broker=worker).exit_code == 0
    demand(worker)


def test_a_worker_cannot_apply_and_is_told_what_it_takes(worker):
    answer = run("apply", broker=worker)
    assert answer.exit_code == 1
    assert "401" in answer.output and "policymaker" in answer.output
    assert "secret" not in answer.output


def test_a_worker_declares_passively_sends_and_hears(deployer, worker):
    run("apply", broker=deployer)
    with kombu.Connection(worker.url) as connection:
        queue = topology.declare(connection.default_channel, listeners(), passive=True)
        kombu.Producer(connection, topology.EVENTS, auto_declare=False).publish("ring", routing_key=RING)
        got = []
        with kombu.Consumer(connection, [queue], on_message=got.append, auto_declare=False):
            connection.drain_events(timeout=10)
        got[0].ack()
    with kombu.Connection(worker.url) as connection, pytest.raises(AccessRefused):
        topology.declare(connection.default_channel, listeners())


def test_a_worker_that_finds_no_queue_says_what_to_run(worker):
    with kombu.Connection(worker.url) as connection, pytest.raises(topology.NotAsDeclared) as refused:
        topology.declare(connection.default_channel, listeners(), passive=True)
    assert "NOT_FOUND" in str(refused.value) and "`python -m bells topology apply`" in str(refused.value)


def test_a_worker_does_not_start_until_the_broker_has_what_it_needs(deployer, worker, management):
    with pytest.raises(SystemExit, match="`python -m bells topology apply`"):
        demand(worker)
    run("apply", broker=deployer)
    demand(worker)
    management.unbind(Binding("events", RING, "bells.ear"))
    with pytest.raises(SystemExit, match=f"missing      binding events -- {RING}"):
        demand(worker)


def test_the_process_itself_ends_and_says_what_to_run(worker, tmp_path):
    asked = {
        "HALQA_DATABASE_URL": f"sqlite:///{tmp_path}/a.db",
        **issuer.environment(),
        "HALQA_LINK_SECRET": "signs the links of tests, and of nothing else",
        "HALQA_BROKER_URL": worker.url,
        "HALQA_BROKER_MANAGEMENT_URL": worker.management_url,
    }
    command = [sys.executable, "-m", "meetings", "work", "--migrate"]
    ended = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "meetings cannot start" in ended.stderr and "`python -m meetings topology apply`" in ended.stderr
    assert "missing      queue meetings.roster" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_what_is_superfluous_keeps_no_worker_from_starting(applied, management, worker):
    management.bind(Binding("events", "bells.bell_broken.v1", "bells.ear"))
    demand(worker)


def test_a_worker_starts_while_nobody_answers_at_the_broker(caplog):
    demand(Broker("amqp://127.0.0.1:1//", "http://somebody:secret@127.0.0.1:1"))
    assert "not known" in caplog.text and "secret" not in caplog.text


def test_a_worker_that_makes_its_own_queues_asks_nobody(virtual_host):
    demand(Broker(virtual_host.url, management_url=""))


def test_a_wrong_password_is_told_and_not_repeated(virtual_host, worker):
    wrong = Broker(worker.url, worker.management_url.replace("secret", "hushhush"))
    answer = run("check", broker=wrong)
    assert answer.exit_code == 1
    assert "401" in answer.output and "hushhush" not in answer.output


def test_a_subscription_that_hears_more_gets_its_binding_and_loses_nothing(applied, management):
    put(applied, "bells.ear", "waiting")
    more = Subscriptions("bells.ear", on={BellRung: write_down, MemberLeft: print})
    with_more = service_with(subscriptions=more)
    assert f"made binding events -- {MemberLeft.wire_type}" in run("apply", broker=applied, of=with_more).output
    assert Binding("events", MemberLeft.wire_type, "bells.ear") in management.bindings()
    eventually(lambda: management.queues()["bells.ear"].messages == 1)
