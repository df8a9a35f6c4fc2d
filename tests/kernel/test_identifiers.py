"""Identifiers as people write them: what is read, what is refused and with which advice, what masks hide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.kernel import identifiers as ids
from wuzha.kernel.refusals import Refusal

digits = st.text("0123456789", min_size=1, max_size=19)
any_text = st.text(max_size=200)


def with_check_digit(prefix: str) -> str:
    return prefix + ids.luhn_digit(prefix)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("6222 0210 0112 3456", "6222021001123456"),
        ("６２２２－０２１０", "62220210"),
        ("6222—0210\u200b00\u3000", "6222021000"),
        ("卡号1-2", "卡号12"),
        ("", ""),
    ],
)
def test_digits_lose_width_spaces_and_dashes(text: str, bare: str) -> None:
    assert ids.normalise_digits(text) == bare


@given(digits)
def test_luhn_digit_completes_and_no_other_digit_does(prefix: str) -> None:
    right = ids.luhn_digit(prefix)
    assert [d for d in "0123456789" if ids.luhn_ok(prefix + d)] == [right]


@pytest.mark.parametrize("number", ["", "0", "4x", "４２", "²²"])
def test_luhn_is_false_for_what_is_no_number(number: str) -> None:
    assert not ids.luhn_ok(number)


@pytest.mark.parametrize(
    ("prefix", "length", "code", "kind"),
    [
        ("622202", 19, "ICBC", "debit"),
        ("622848", 19, "ABC", "debit"),
        ("621700", 19, "CCB", "debit"),
        ("622588", 16, "CMB", "debit"),
        ("621799", 19, "PSBC", "debit"),
        ("621260", 19, "CSRCB", "debit"),  # the same BIN with 16 digits is another bank's
        ("621260", 16, "SPABANK", "credit"),
    ],
)
def test_the_bank_is_read_from_the_number(prefix: str, length: int, code: str, kind: str) -> None:
    number = with_check_digit(prefix + "0" * (length - 1 - len(prefix)))
    card = ids.parse_card(f"{number[:4]} {number[4:8]}-{number[8:]}")
    assert card.number == number
    assert card.bank is not None
    assert (card.bank.code, card.bank.card_kind) == (code, kind)
    assert ids.card_length_fits(number)


def test_banks_have_chinese_names_and_the_big_ones_short_ones() -> None:
    banks = ids.card_banks()
    assert all(bank.name_zh for bank in banks.values())
    assert banks["ICBC"].name_en == "ICBC"
    assert "农行" in banks["ABC"].aliases_zh


def test_an_unknown_bank_is_no_fault() -> None:
    number = with_check_digit("000000000000123")
    assert ids.parse_card(number) == ids.Card(number, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6222", "card.length"),
        ("62220210011234567890", "card.length"),
        ("6222021001123456", "card.checksum"),
        ("6222x21001123456", "card.characters"),
        ("<b>6222021001123456</b>", "card.characters"),
        ("", "card.characters"),
        ("٦٢٢٢٠٢١٠٠١١٢٣٤٥٦", "card.characters"),
        ("6" * 5000, "card.characters"),
    ],
)
def test_a_wrong_card_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ids.parse_card(text, field="payee_card")
    assert (refused.value.code, refused.value.field) == (code, "payee_card")
    assert str(refused.value)


@given(st.integers(0, 17), st.integers(1, 9), st.integers(0, 10**12 - 1))
def test_one_misread_digit_is_always_among_the_mendings(at: int, add: int, body: int) -> None:
    right = with_check_digit(f"622202{body:012d}")
    wrong = right[:at] + str((int(right[at]) + add) % 10) + right[at + 1 :]
    mendings = ids.mend_card(wrong)
    assert right in [m.number for m in mendings]
    assert all(ids.luhn_ok(m.number) for m in mendings)
    assert all([i for i in range(19) if wrong[i] != m.number[i]] == list(m.positions) for m in mendings)
    known = [m.bank is not None for m in mendings]
    assert known == sorted(known, reverse=True)


def test_a_swap_of_neighbours_is_offered_first() -> None:
    right = with_check_digit("622202100112345678")
    wrong = right[:12] + right[13] + right[12] + right[14:]
    assert right in [m.number for m in ids.mend_card(wrong) if m.slip == "swap"]
    assert ids.mend_card(wrong)[0].slip == "swap"
    assert ids.mend_card(right) == []


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("6222 0210 0112 3456", "6222021001123456"),
        ("1100-1234-5678-90", "11001234567890"),
        ("Li.Si@Example.COM", "li.si@example.com"),
        ("13812345678", "13812345678"),
        ("wxid_8a9b0c", "wxid_8a9b0c"),
        ("0xAbCdEf0123456789aBcDeF0123456789AbCdEf01", "0xabcdef0123456789abcdef0123456789abcdef01"),
        ("TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC", "TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("ＧＢ29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
    ],
)
def test_every_sort_of_account_is_taken(text: str, account: str) -> None:
    assert ids.parse_account(text) == account


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "account.length"),
        ("1234567", "account.length"),
        ("1" * 33, "account.length"),
        ("a" * 65, "account.form"),
        ("a" * 500, "account.length"),
        ("<script>", "account.characters"),
        ("12345678\x00", "account.characters"),
        ("他的账户", "account.form"),
    ],
)
def test_what_is_no_account_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ids.parse_account(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "number", "kind", "e164"),
    [
        ("138 1234 5678", "13812345678", "mobile", "+8613812345678"),
        ("+86-138-1234-5678", "13812345678", "mobile", "+8613812345678"),
        ("008613812345678", "13812345678", "mobile", "+8613812345678"),
        ("8613812345678", "13812345678", "mobile", "+8613812345678"),
        ("１７０１２３４５６７８", "17012345678", "virtual-segment", "+8617012345678"),
        ("(010)8888 8888", "01088888888", "landline", "+861088888888"),
        ("+86 10 8888 8888", "01088888888", "landline", "+861088888888"),
        ("0512-73100251", "051273100251", "landline", "+8651273100251"),
        ("88886666", "88886666", "landline", ""),
        ("400-837-2616", "4008372616", "service", ""),
        ("95533", "95533", "service", ""),
        ("95136136", "95136136", "service", ""),
        ("96110", "96110", "service", ""),
        ("110", "110", "service", ""),
        ("12381", "12381", "service", ""),
        ("106494868919", "106494868919", "service", ""),
        ("+60 948245766", "+60948245766", "overseas", "+60948245766"),
        ("0044645852596", "+44645852596", "overseas", "+44645852596"),
        ("+00110", "+00110", "spoofed", ""),
        ("0086110", "+86110", "spoofed", ""),
        ("+999 1234 5678", "+99912345678", "spoofed", ""),
    ],
)
def test_phones_are_read_and_told_apart(text: str, number: str, kind: str, e164: str) -> None:
    phone = ids.parse_phone(text)
    assert (phone.number, phone.kind, phone.e164) == (number, kind, e164)


def test_an_extension_is_kept_apart() -> None:
    assert ids.parse_phone("010-88888888转8001") == ids.Phone("01088888888", ids.PhoneKind.LANDLINE, "8001")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1381234567", "phone.form"),
        ("12", "phone.characters"),
        ("phone", "phone.characters"),
        ("1" * 40, "phone.characters"),
        ("<13812345678>", "phone.characters"),
    ],
)
def test_what_is_no_phone_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ids.parse_phone(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("110105 19491231 002Ｘ", "11010519491231002X"),
        ("110105491231002", "11010519491231002X"),
    ],
)
def test_identity_numbers_old_and_new_become_one_form(text: str, number: str) -> None:
    assert ids.parse_id_number(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1101051949123100", "id_number.length"),
        ("11010519491231002Y", "id_number.length"),
        ("00010519491231002X", "id_number.place"),
        ("11010519490231002X", "id_number.birthday"),
        ("110105194912310021", "id_number.checksum"),
        ("1" * 3000, "id_number.length"),
    ],
)
def test_a_wrong_identity_number_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ids.parse_id_number(text)
    assert refused.value.code == code


@given(st.dates(), st.sampled_from(["510104", "110105", "440305"]), st.integers(0, 999), st.integers(0, 16))
def test_any_single_wrong_digit_of_an_identity_number_is_found(birthday, place: str, order: int, at: int) -> None:  # type: ignore[no-untyped-def]
    body = f"{place}{birthday.replace(year=1900 + birthday.year % 120):%Y%m%d}{order:03d}"
    number = body + ids.id_check_character(body)
    assert ids.parse_id_number(number) == number
    wrong = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
    with pytest.raises(Refusal):
        ids.parse_id_number(wrong)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://H5.d6ncf1.top", "h5.d6ncf1.top"),
        ("hxxps://evil[.]com/a?b=1", "evil.com/a?b=1"),
        ("www。xjqi3。top/h5/#/reg?c=8812", "www.xjqi3.top/h5/#/reg?c=8812"),
        ("abc点com", "abc.com"),
        ("abc(dot)com", "abc.com"),
        ("https://www.icbc.com.cn@evil.top/login", "evil.top/login"),
        ("ｈｔｔｐ：／／ａｂｃ．ｃｏｍ／", "abc.com"),
        ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
        ("1.2.3.4:8080/x", "1.2.3.4:8080/x"),
        ("https://a.com:443/", "a.com"),
        ("[2001:db8::1]:8443", "[2001:db8::1]:8443"),
    ],
)
def test_addresses_are_refanged_and_made_canonical(text: str, url: str) -> None:
    assert ids.parse_url(text) == url
    assert ids.parse_url(url) == url


def test_the_host_is_what_gets_blocked() -> None:
    assert ids.host_of_url("evil.com:8080/a") == "evil.com"
    assert ids.host_of_url("[2001:db8::1]:8443") == "[2001:db8::1]"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("javascript:alert(1)", "url.scheme"),
        ("file:///etc/passwd", "url.scheme"),
        ("localhost", "url.form"),
        ("a b", "url.form"),
        ("1.2.3", "url.form"),
        ("999.1.1.1", "url.form"),
        ("a.com/<script>", "url.form"),
        ("a.com:99999", "url.form"),
        ("a.com/" + "x" * 3000, "url.length"),
        ("", "url.form"),
    ],
)
def test_what_is_no_address_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ids.parse_url(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        (ids.mask_account("6222021001121234"), "6222****1234"),
        (ids.mask_account("zhang@example.com"), "z****@example.com"),
        (ids.mask_account("1234"), "1****4"),
        (ids.mask_phone("13812345678"), "138****5678"),
        (ids.mask_phone("95533"), "95533"),
        (ids.mask_id_number("11010519491231002X"), "110105****002X"),
        (ids.mask_name("张三"), "张*"),
        (ids.mask_name("李小明"), "李**"),
        (ids.mask_name("欧阳修文"), "欧阳**"),
        (ids.mask_name("John Smith"), "J*** S***"),
        (ids.mask_name(""), ""),
    ],
)
def test_masks(masked: str, shown: str) -> None:
    assert masked == shown


PARSERS = [ids.parse_card, ids.parse_account, ids.parse_phone, ids.parse_id_number, ids.parse_url]


@pytest.mark.parametrize("parse", PARSERS)
@given(text=any_text)
def test_no_text_brings_a_parser_down(parse, text: str) -> None:  # type: ignore[no-untyped-def]
    refusal, value = None, None
    try:
        value = parse(text)
    except Refusal as refused:
        refusal = refused
    if refusal is not None:
        assert str(refusal)
        return
    canonical = getattr(value, "number", value)
    again = parse(canonical)
    assert getattr(again, "number", again) == canonical


@pytest.mark.parametrize("mask", [ids.mask_account, ids.mask_phone, ids.mask_id_number, ids.mask_name])
@given(text=any_text)
def test_no_text_brings_a_mask_down(mask, text: str) -> None:  # type: ignore[no-untyped-def]
    assert isinstance(mask(text), str)
