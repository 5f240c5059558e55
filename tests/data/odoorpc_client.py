"""What an unmodified OdooRPC client does with our Odoo surface, start to end.

Arguments: host, port, database, and a JSON object of two people, each with login and password.
Talks to nothing but that server; any surprise is an exception. Prints one line of JSON at the end.
"""

import json
import sys
import time
import urllib.error

import odoorpc

HOST, PORT, DB = sys.argv[1], int(sys.argv[2]), sys.argv[3]
PEOPLE = json.loads(sys.argv[4])
GROUP = int(sys.argv[5])


def client(person):
    odoo = odoorpc.ODOO(HOST, protocol="jsonrpc", port=PORT)
    assert odoo.version == "8.0", odoo.version
    odoo.login(DB, person["login"], person["password"])
    assert odoo.env.uid and odoo.env.db == DB and odoo.env.lang == "en_US"
    return odoo


def ask(odoo, url, **params):
    return odoo.json(url, params)["result"]


def refused(odoo, url, code, **params):
    try:
        odoo.json(url, params)
    except odoorpc.error.RPCError as e:
        assert e.info["code"] == code, e.info
        assert e.info["data"]["message"] == str(e), e.info
        return e
    raise AssertionError("%s was not refused: %r" % (url, params))


ann, bob = (client(person) for person in PEOPLE)

# Wrong logins.
try:
    odoorpc.ODOO(HOST, protocol="jsonrpc", port=PORT).login(DB, PEOPLE[0]["login"], "wrong")
    raise AssertionError("a wrong password was taken")
except odoorpc.error.RPCError as e:
    assert str(e) == "Wrong login ID or password", e

# Who is logged in, by the cookie alone.
info = ask(ann, "/web/session/get_session_info")
assert info["uid"] == ann.env.uid and info["db"] == DB and info["username"] == PEOPLE[0]["login"], info

# The thirteen calls.
API, BOOK = "/im_chat/api/", "/im_chat/api/user_chat_ab/"
session = ask(ann, API + "get_or_create_session", user_to=bob.env.uid)
uuid = session["uuid"]
assert {user["id"] for user in session["users"]} == {ann.env.uid, bob.env.uid}, session
partner = {user["id"]: user["partner_id"][0] for user in session["users"]}
assert session["docs:"] == session["docs"] == [] and session["with_documents:"] is False
about = ask(ann, API + "get_or_create_session", user_to=bob.env.uid, doc_id="25", doc_model="res.partner")
assert about["uuid"] != uuid and about["docs"][0]["doc_id"] == 25 and about["with_documents"] is True, about
group = ask(ann, API + "get_or_create_session_group", group=GROUP)
assert group["is_group"] is True and group["groups"][0]["id"] == GROUP, group
assert [s["uuid"] for s in ask(ann, API + "get_sessions_group")] == [group["uuid"]]

first = ask(ann, "/im_chat/post", uuid=uuid, message_type="message", message_content="hello from OdooRPC")
second = ask(bob, "/im_chat/post", uuid=uuid, message_type="money4_chat_attach_msg", message_content="{}")
typing = ask(bob, "/im_chat/post", uuid=uuid, message_type="typing", message_content="typing")
assert first < second < typing, (first, second, typing)
assert ask(ann, "/im_chat/post", uuid="nowhere", message_type="message", message_content="x") is False

sessions = ask(ann, API + "get_sessions")
assert [s["uuid"] for s in sessions] == [uuid, about["uuid"]], sessions
assert sessions[0]["is_read"] is False
history = ask(ann, API + "history", uuid=uuid)
assert [(m["id"], m["type"], m["message"]) for m in history] == [
    (second, "money4_chat_attach_msg", "{}"),
    (first, "message", "hello from OdooRPC"),
], history
assert history[0]["from_id"][0] == bob.env.uid and history[1]["to_id"][1] == uuid
assert [m["id"] for m in ask(ann, API + "history", uuid=uuid, last_ID=second, limit=5)] == [first]
assert ask(ann, API + "get_sessions", user_to=bob.env.uid, state="open")[0]["is_read"] is True

assert bob.env.uid in [user["id"] for user in ask(ann, BOOK + "get_all_users")]
assert ask(ann, BOOK + "add_users", user_ids=[bob.env.uid]) == {"status": "success"}
assert [user["id"] for user in ask(ann, BOOK + "get_users_from_book")] == [bob.env.uid]
assert bob.env.uid not in [user["id"] for user in ask(ann, BOOK + "get_all_users")]
contact = ask(ann, API + "init", name="")[0]
assert contact["id"] == bob.env.uid and contact["last_message"]["id"] == second, contact
assert contact["partner_id"] == partner[bob.env.uid]
assert ask(ann, BOOK + "remove_users", user_ids=[bob.env.uid]) == {"status": "success"}
pair = {"parent_partner_id": partner[ann.env.uid], "child_partner_id": partner[bob.env.uid]}
assert ask(ann, BOOK + "add_partner", **pair) == {"status": "success"}
assert ask(ann, API + "change_session_status", uuid=uuid, new_status="favorite") == {"status": "success"}

# The stock calls.
nothing = ann.json(
    "/web/dataset/call_kw",
    {"model": "im_chat.session", "method": "update_state", "args": [], "kwargs": {"uuid": uuid, "state": "folded"}},
)
assert "result" not in nothing, nothing
assert ask(ann, API + "get_sessions", state="folded")[0]["status"] == "favorite"
assert any(message.get("id") == second for _, message in ask(ann, "/im_chat/init"))

# Bad arguments.
assert "TypeError" in refused(ann, API + "history", 200).info["data"]["name"]
refused(ann, API + "history", 200, uuid=uuid, nonsense=1)
refused(ann, API + "get_or_create_session", 200, user_to=ann.env.uid)
refused(ann, API + "get_or_create_session_group", 200, group=0)
refused(ann, "/web/dataset/call_kw", 200, model="res.users", method="read", args=[], kwargs={})
assert ask(ann, BOOK + "add_users", user_ids="5") == {"status": "error", "message": "user_ids is not list"}
try:
    ann.json("/im_chat/nonsense", {})
    raise AssertionError("an unknown route answered")
except urllib.error.HTTPError as e:
    assert e.code == 404, e

# A session that was ended elsewhere. Other processes may take a few seconds to hear of it.
elsewhere = client(PEOPLE[0])
sid = ask(ann, "/web/session/get_session_info")["session_id"]
elsewhere.http("/web/session/destroy?session_id=" + sid, data='{"jsonrpc":"2.0","params":{}}', headers={
    "Content-Type": "application/json",
}).read()
deadline = time.monotonic() + 20
while True:
    try:
        ask(ann, API + "get_sessions")
    except odoorpc.error.RPCError as e:
        assert e.info["code"] == 100 and e.info["message"] == "Odoo Session Expired", e.info
        break
    assert time.monotonic() < deadline, "the session is still there"
assert ask(elsewhere, API + "get_sessions")[0]["uuid"] == uuid, "other sessions stay"

assert elsewhere.logout() is True and bob.logout() is True
print(json.dumps({"client": odoorpc.__version__, "uuid": uuid}))
