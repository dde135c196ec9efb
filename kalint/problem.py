"""Facts found while reading: what is odd about the text, without saying how bad that is.

keepalived goes on after a bad line, so a bad line is a `Problem`, never an exception. Rules alone turn problems
into diagnostics with a code, a severity and a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kalint.source import Span, Word

if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal[
        # text
        "line-too-long",  # KA017; subject: the number of bytes, or (detail "unread") of characters that are read of it
        "nul",  # KA017
        "unterminated-quote",  # KA007; span: the quote and all that is lost after it
        "comment-cuts-word",  # KA012; subject: what is left of the word, detail: the whole word as written
        "include-missing",  # KA013; subject: the pattern
        "include-unreadable",  # KA013; subject: the file, detail: the system's reason
        "include-cycle",  # KA013; subject: the file
        "include-too-deep",  # KA013; subject: the file
        "include-lost",  # KA013; an include that this release reads by the keywords of the block around it
        "include-reported",  # KA013; an include after which the release reports unknown keywords, without effect
        "include-refused",  # KA013; subject: the file, detail: the folder of which nothing is read
        "include-outside-root",  # KA013; subject: the file, detail: the root
        "definition-cycle",  # KA014; subject: the name
        "definition-undefined",  # KA014; subject: the name
        "definition-malformed",  # KA014; subject: the text, detail: why
        "expansion-too-large",  # KA014; subject: what expands (a use, a line, a file, a pattern), detail: the bound
        "sequence-malformed",  # KA014; subject: the text, detail: why
        "config-id-unknown",  # KA021; span: the first @id; subject: the config id, detail: the ids, ", "-separated
        # syntax
        "brace-unclosed",  # KA001; span: the opener; subject: the block's keyword
        "brace-extra",  # KA001; span: the closer
        "brace-unexpected",  # KA001; span: the opener
        # model
        "keyword-unknown",  # KA002; subject: the keyword, detail: did-you-mean or ""
        "keyword-misplaced",  # KA003; subject: the keyword, detail: CONTEXT; where it belongs, ...; what may be meant
        "keyword-repeated",  # KA004; subject: the keyword; related: the statement that wins
        "keyword-release",  # KA016; subject: the keyword, detail: e.g. "since 2.0.18" or "until 1.4.5"
        "keywords-on-one-line",  # KA006; subject: the lost keyword
        "argument-extra",  # KA005; subject: the words
        "flag-with-value",  # KA023; span: the word after the flag; subject: the flag, detail: that word
        "semicolon",  # KA024; span: the semicolon at the end of a statement
        "argument-missing",  # KA008; subject: the keyword
        "value-invalid",  # KA008; subject: the value, detail: what is allowed
        "keyword-deprecated",  # KA011; subject: the keyword, detail: what to write instead
        "statements-lost",  # KA001; span: what costs them (a block's head or a brace)
        "brace-missing",  # KA001; span: the keyword; subject: the keyword that wants a block (also syntax)
        "instance-duplicate",  # KA009; subject: the name; related: the first
        "definition-duplicate",  # KA010; subject: "kind name"; related: the first (a vrrp_script, track_file, ...)
        "address-above-interface",  # KA624; span: the first such address; subject: the instance
    ]


class Loss(NamedTuple):
    """What the daemon does not have because of one problem, where that is more than the line itself.

    `how`: a brace `ends` the block `block` too early, or `block` `takes` the statements in. They may also be `unread`
    behind the brace that opens `block`, or an `include` is read by the keywords of the block around it. `lost` has the
    statements, without those inside them: the keyword with the name, and the place.
    """

    how: str
    block: str
    lost: tuple[tuple[str, Span], ...]


class Problem(NamedTuple):
    """One odd thing at one place; the comments at `Kind` say what `subject` and `detail` hold.

    Of a single word the word itself is kept (`place`, `others`), since most files with very many problems have them at
    words: its span is worked out when somebody asks.
    """

    kind: Kind
    place: Span | Word
    subject: str = ""
    detail: str = ""
    others: tuple[Span | Word, ...] = ()
    instead: str = ""
    """The word that surely belongs in the place of `span`, where there is one."""
    loss: Loss | None = None

    @property
    def span(self) -> Span:
        place = self.place
        return place if isinstance(place, Span) else place.span

    @property
    def related(self) -> tuple[Span, ...]:
        return tuple([other if isinstance(other, Span) else other.span for other in self.others])
