#!/usr/bin/env python3
"""A bot that knows nothing but Zenvia's page about external bots, a base URL and a token.

    zenvia_bot.py BASE_URL TOKEN [PORT]

It greets, repeats what it hears, and hands over to a person at the word "human". Needs Python 3 and nothing else.
"""
import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

BASE, TOKEN = sys.argv[1].rstrip("/"), sys.argv[2]
PORT = int(sys.argv[3]) if len(sys.argv) > 3 else 8099


def call(method, interaction, name, **body):
    """One of the four calls of the page; the token goes into the body."""
    url = f"{BASE}/core/api/v1/bot/{interaction}/{name}"
    data = json.dumps({"token": TOKEN, **body}).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def react(event):
    interaction = event["interaction_hash"]
    if event["type"] == "new_interaction":
        call("PUT", interaction, "accept")
        call("POST", interaction, "message", content="How can I help?")
    elif event["type"] == "new_message" and event["content"] == "human":
        call("POST", interaction, "message", content="One moment, please.")
        call("PUT", interaction, "transfer")
    elif event["type"] == "new_message":
        call("POST", interaction, "message", content=f"You said: {event['content']}")


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        react(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


HTTPServer(("127.0.0.1", PORT), Endpoint).serve_forever()
