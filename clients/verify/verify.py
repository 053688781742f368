#!/usr/bin/env python3
"""Verifies what a register gives out, independently of its own program.

    verify.py KEY[,KEY...] [--witness KEY[,KEY...]] FILE...

KEY is the register's public key (NAME+ID+KEY), or a file with it; several when
the register has had several. All the witnesses must have signed too. FILEs are proofs of events,
checkpoints, proofs of growth after the checkpoint that they begin at, and
directories of "samverk audit export".
Written from the published formats alone: c2sp.org/signed-note,
tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-tiles and tlog-witness, RFC 6962 and RFC 9162. Needs
Python 3 and python3-cryptography. Ends with 0 when everything holds. Of a
directory the records are verified, which are what is signed; not the hash
tiles, and not events.jsonl. What a record says is not looked at.
"""
import base64
import collections
import hashlib
import os
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """What does not hold, and why."""


def need(holds, why):
    if not holds:
        raise Wrong(why)


def unbase64(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Wrong(f"base64: {error}") from None
    need(base64.b64encode(raw).decode() == text, "base64 in another form")
    return raw


def number(text):
    need(text.isascii() and text.isdigit() and len(text) < 20, f"{text[:30]!r} is no number")
    need(str(int(text)) == text and int(text) < 1 << 63, f"{text} is no size")
    return int(text)


LOG, WITNESS = 1, 4  # c2sp.org/signed-note, signature types
Key = collections.namedtuple("Key", "name id public raw")


def parse_key(text, kind):
    if os.path.isfile(text):
        with open(text, encoding="utf-8") as file:
            text = file.read()
    parts = text.strip().split("+", 2)
    need(len(parts) == 3, "a key is NAME+ID+KEY")
    name, key_id, key = parts[0], parts[1], unbase64(parts[2])
    need(is_name(name) and len(key) == 33, "not an Ed25519 key")
    need(key[0] == kind, "the key of a witness for that of a register, or the other way round")
    digest = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    need(digest.hex() == key_id, "the key's id is another's")
    return Key(name, digest, Ed25519PublicKey.from_public_bytes(key[1:]), key[1:])


def is_name(text):
    return bool(text) and "+" not in text and not any(c.isspace() or c < " " or c == "\x7f" for c in text)


def check_signature(kind, public, signature, text):
    message = text.encode()
    if kind == WITNESS:  # c2sp.org/tlog-cosignature
        need(len(signature) == 72, "a cosignature of another size")
        time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        need(time < 1 << 63, "a cosignature of no time")
        message = f"cosignature/v1\ntime {time}\n".encode() + message
    try:
        public.verify(signature, message)
    except InvalidSignature:
        raise Wrong("a signature does not hold") from None


def open_checkpoint(note, keys):
    """The size and root of a checkpoint, after its signatures were verified.

    One of the keys must have signed, and all of the witnesses.
    """
    keys, witnesses = keys
    need(len(note.encode()) <= 1 << 20, "a note of more than a mebibyte")
    need(not any(c < " " and c != "\n" for c in note), "control characters in a note")
    text, blank, lines = note.rpartition("\n\n")
    need(blank and lines.endswith("\n"), "no signed note")
    text += "\n"
    found = set()
    need(lines.count("\n") <= 100, "more than 100 signatures")
    for line in lines[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        signer, _, signature = rest.partition(" ")
        need(dash == "\u2014" and is_name(signer), "no line of a signature")
        raw = unbase64(signature)
        need(len(raw) > 4, "a signature that is too short")
        for kind, some in ((LOG, keys), (WITNESS, witnesses)):
            for key in some:
                if (signer, raw[:4]) == (key.name, key.id):
                    check_signature(kind, key.public, raw[4:], text)
                    found.add(key.raw)
    need(any(key.raw in found for key in keys), "not signed with the key")
    for witness in witnesses:
        need(witness.raw in found, f"the witness {witness.name} has not signed")
    fields = text[:-1].split("\n")
    need(len(fields) >= 3 and all(fields), "no checkpoint")
    need(fields[0] == keys[0].name, "a checkpoint of another register")
    size, root = number(fields[1]), unbase64(fields[2])
    need(len(root) == 32, "a root of another size")
    need(size > 0 or root == hashlib.sha256().digest(), "a tree without leaves has another root")
    return size, root


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def inclusion_root(leaf, index, size, path):  # RFC 9162, 2.1.3.2
    need(index < size, "no such leaf")
    fn, sn, root = index, size - 1, leaf
    for hash_ in path:
        need(sn, "the proof is too long")
        if fn & 1 or fn == sn:
            root = node(hash_, root)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node(root, hash_)
        fn, sn = fn >> 1, sn >> 1
    need(not sn, "the proof is too short")
    return root


def check_growth(first, first_root, second, second_root, path):  # RFC 9162, 2.1.4.2
    need(first <= second, "the log has shrunk")
    if first == 0 or first == second:
        need(not path, "the proof is too long")
        need(first == 0 or first_root == second_root, "two roots of one size")
        return
    need(path, "the proof is too short")
    path = ([first_root] if first & (first - 1) == 0 else []) + path
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for hash_ in path[1:]:
        need(sn, "the proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = node(hash_, fr), node(hash_, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, hash_)
        fn, sn = fn >> 1, sn >> 1
    need(not sn, "the proof is too short")
    need(fr == first_root and sr == second_root, "the proof leads to other roots")


def take_hashes(lines):
    hashes = [unbase64(line) for line in lines if line]
    need(all(len(hash_) == 32 for hash_ in hashes), "a hash of another size")
    return hashes


def tile_path(kind, index, width):
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{kind}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def verify_export(path, keys):
    """The size and root of a directory, after each record in it was hashed."""
    with open(f"{path}/checkpoint", encoding="utf-8", newline="") as file:
        size, root = open_checkpoint(file.read(), keys)
    edge = []  # roots of complete subtrees, with the number of their leaves
    for begin in range(0, size, 256):
        width = min(256, size - begin)
        with open(f"{path}/{tile_path('entries', begin // 256, width)}", "rb") as file:
            rest = file.read()
        for index in range(begin, begin + width):
            length = int.from_bytes(rest[:2], "big")
            record, rest = rest[2 : 2 + length], rest[2 + length :]
            need(len(record) == length, f"event {index + 1} is cut off")
            edge.append((1, hashlib.sha256(b"\x00" + record).digest()))
            while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
                (leaves, right), (_, left) = edge.pop(), edge.pop()
                edge.append((2 * leaves, node(left, right)))
        need(not rest, f"more than {width} records from event {begin + 1} on")
    made = edge.pop()[1] if edge else hashlib.sha256().digest()
    while edge:
        made = node(edge.pop()[1], made)
    need(made == root, "the records are not those that were signed")
    return size, root


def verify(text, keys, known):
    """Says what the text proves. `known`: roots of checkpoints by size."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] == "c2sp.org/tlog-proof@v1":
        need(blank and len(lines) >= 3 and lines[1].startswith("extra "), "no record")
        need(lines[2].startswith("index "), "no index")
        record, index = unbase64(lines[1][6:]), number(lines[2][6:])
        size, root = open_checkpoint(note, keys)
        leaf = hashlib.sha256(b"\x00" + record).digest()
        need(inclusion_root(leaf, index, size, take_hashes(lines[3:])) == root, "another root")
        said = f"event {index + 1} of the {size} that {keys[0][0].name} has signed"
    elif lines[0].startswith("old "):
        first = number(lines[0][4:])
        need(blank and first in known, f"give the checkpoint of {first} events before it")
        size, root = open_checkpoint(note, keys)
        check_growth(first, known[first], size, root, take_hashes(lines[1:]))
        said = f"the first {first} of {size} events are as they were"
    else:
        size, root = open_checkpoint(text, keys)
        said = f"{keys[0][0].name} has signed {size} events"
    need(known.setdefault(size, root) == root, f"two histories of {size} events were signed")
    return said


def main():
    arguments, witnesses = sys.argv[1:], []
    if arguments[1:2] == ["--witness"]:
        witnesses = (arguments[2:3] or [""])[0].split(",")
        del arguments[1:3]
    if len(arguments) < 2:
        sys.exit(__doc__)
    try:
        logs = [parse_key(text, LOG) for text in arguments[0].split(",")]
        need(len({key.name for key in logs}) == 1, "the keys are of two registers")
        keys = logs, [parse_key(text, WITNESS) for text in witnesses]
        raws = [key.raw for key in keys[1]]
        need(len(set(raws)) == len(raws), "two witnesses with one key are one")
        need(not {key.raw for key in logs} & set(raws), "a witness with the register's own key")
    except (Wrong, OSError, UnicodeDecodeError) as why:
        sys.exit(f"verify.py: {why}")
    known, status = {}, 0
    for path in arguments[1:]:
        try:
            if os.path.isdir(path):
                size, root = verify_export(path, keys)
                need(known.setdefault(size, root) == root, "two histories were signed")
                print(f"{path}: holds: all {size} records that {logs[0].name} has signed")
                continue
            with open(path, encoding="utf-8", newline="") as file:
                print(f"{path}: holds: {verify(file.read(), keys, known)}")
        except (Wrong, OSError, UnicodeDecodeError) as why:
            print(f"{path}: DOES NOT HOLD: {why}")
            status = 1
    sys.exit(status)


if __name__ == "__main__":
    main()
