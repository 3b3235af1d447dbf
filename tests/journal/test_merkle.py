"""The tree and the notes: against published vectors, against RFC 9162 word for word, and for any size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.journal import merkle, notes

LEAVES = [
    bytes.fromhex(h)
    for h in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (  # of the first 1 to 8 of them: the vectors of Certificate Transparency's own implementations
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATHS = {  # (leaf, size): its audit path, from the same vectors
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
GO_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_SIGNED = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def grown(leaves):
    """The full subtrees of a tree that these leaves were put into one by one."""
    found = {}
    for size, leaf in enumerate(leaves):
        for level, number, digest in merkle.appended(size, merkle.leaf_hash(leaf), lambda *at: found[at]):
            found[level, number] = digest
    return lambda *at: found[at]


def by_the_letter(leaves):
    """MTH of RFC 9162, 2.1.1, as it is written there."""
    if len(leaves) < 2:
        return merkle.leaf_hash(leaves[0]) if leaves else merkle.EMPTY
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return merkle.node_hash(by_the_letter(leaves[:half]), by_the_letter(leaves[half:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_other_implementations(size):
    assert merkle.root(size, grown(LEAVES[:size])).hex() == ROOTS[size - 1]
    assert merkle.root(size, grown(LEAVES)).hex() == ROOTS[size - 1]  # also when it has grown since


@pytest.mark.parametrize(("at", "path"), PATHS.items())
def test_paths_are_those_of_other_implementations(at, path):
    assert [one.hex() for one in merkle.inclusion(*at, grown(LEAVES))] == list(path)


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=70), st.data())
def test_any_leaf_of_any_tree_leads_to_its_root_and_no_other(leaves, data):
    get, size = grown(leaves), data.draw(st.integers(1, len(leaves)))
    number = data.draw(st.integers(0, size - 1))
    root = merkle.root(size, get)
    assert root == by_the_letter(leaves[:size])
    path = merkle.inclusion(number, size, get)
    leaf = merkle.leaf_hash(leaves[number])
    assert merkle.root_from(leaf, number, size, path) == root
    assert merkle.root_from(merkle.leaf_hash(leaves[number] + b"x"), number, size, path) != root
    assert merkle.root_from(leaf, number, size, [*path, leaf]) is None
    if path:
        assert merkle.root_from(leaf, number, size, path[:-1]) is None


def test_there_is_no_proof_of_a_leaf_that_is_not_there():
    for number, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(IndexError):
            merkle.inclusion(number, size, grown(LEAVES))
        assert merkle.root_from(b"", number, size, []) is None


def test_a_note_is_signed_as_the_reference_implementation_does():
    signer = notes.Signer.read(GO_KEY)
    assert str(signer) == GO_KEY
    assert str(signer.verifier) == GO_VERIFIER == str(notes.Verifier.read(GO_VERIFIER))
    assert signer.sign(GO_TEXT) == f"{GO_TEXT}\n\N{EM DASH} PeterNeumann {GO_SIGNED}\n"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "x",
        "PeterNeumann+c74f20a3",
        GO_VERIFIER[:-1],
        GO_VERIFIER.replace("c74f", "c74e"),
        GO_VERIFIER.replace("+AR", "+ZR"),
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
    ],
)
def test_what_is_no_key_is_refused(wrong):
    with pytest.raises(notes.NoteError):
        notes.Verifier.read(wrong)
    with pytest.raises(notes.NoteError):
        notes.Signer.read(f"PRIVATE+KEY+{wrong}")


def test_a_head_is_read_back_and_a_changed_one_is_not():
    signer, other = notes.Signer.read(GO_KEY), notes.Signer.derived("PeterNeumann", "iets anders")
    head = notes.Head("proef.example/journaal", 7, bytes.fromhex(ROOTS[6]))
    note = signer.sign(head.text)
    assert notes.read_head(note, signer.verifier) == head
    both = note + other.sign(head.text).rpartition("\n\n")[2]
    assert notes.read_head(both, other.verifier) == notes.read_head(both, signer.verifier) == head
    for wrong in (
        note.replace("\n7\n", "\n8\n"),
        note.replace("proef", "proet"),
        note.partition("\n\n")[0],
        "",
        "\n\n",
        note.replace("PeterNeumann", "Peter"),
        note.replace("\N{EM DASH}", "-"),
        signer.sign("a\n07\nAA==\n"),
        signer.sign("a\nx\nAA==\n"),
        signer.sign("a\n"),
        signer.sign("a\n7\n!\n"),
        note[:-10] + "\n",
    ):
        with pytest.raises(notes.NoteError):
            notes.read_head(wrong, signer.verifier)
    with pytest.raises(notes.NoteError):
        notes.read_head(note, other.verifier)


def test_a_proof_is_a_file_as_others_write_it():
    leaf, *path = [bytes([n]) * 32 for n in range(3)]
    told = notes.proof(3, path, "origin\n4\nAA==\n\n\N{EM DASH} k AA==\n", extra=b"{}")
    assert told.splitlines()[:3] == ["c2sp.org/tlog-proof@v1", "extra e30=", "index 3"]
    assert told.splitlines()[5:7] == ["", "origin"]
    assert notes.proof(0, [], "x").splitlines() == ["c2sp.org/tlog-proof@v1", "index 0", "", "x"]
    assert leaf
