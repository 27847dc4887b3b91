import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from diffava_foley.training.embedded import tokens

PIECES = [*tokens.SPECIAL, "dog", "barks", "cat", "##s", *"abcdefghijklmnopqrstuvwxyz"]
PIECES += [f"##{letter}" for letter in "abcdefghijklmnopqrtuvwxyz"]


@pytest.fixture
def full(tmp_path):
    vocabulary = {piece: number for number, piece in enumerate(PIECES)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    tokenizer.add_special_tokens(list(tokens.SPECIAL))
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    return path


def test_words_of_the_captions_stay_whole_and_others_are_spelt(full):
    pruned, _ = tokens.prune(full, ["a dog barks", "the dog barks"])

    assert pruned.tokenize("A dog barks") == ["a", "dog", "barks"]
    assert pruned.tokenize("cat") == ["c", "##a", "##t"]
    assert "[UNK]" not in pruned.tokenize("zebra")


def test_ids_lead_back_to_the_same_pieces_of_the_full_vocabulary(full):
    pruned, kept = tokens.prune(full, ["a dog barks"] * 2)

    whole = Tokenizer.from_file(str(full)).encode("a dog barks").ids
    assert [kept[number] for number in pruned("a dog barks")["input_ids"]] == whole
    assert pruned.pad_token_id == 0
