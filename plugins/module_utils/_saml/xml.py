# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML that cannot do harm: defusedxml's parser, with bounds and with the problem's name. Pure.

Document type declarations are refused, and with them every entity and everything external, so nothing is loaded and
nothing is expanded.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Dict, List, NoReturn, Optional
from xml.etree import ElementTree

from .._reconcile import UserError
from .text import DOWNLOAD, control_problem

try:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    MISSING = False
except ImportError:  # the module says so before anything here is used
    MISSING = True
    DefusedXMLParser = object

    class DefusedXmlException(Exception):  # type: ignore[no-redef]
        """Never raised then."""


MAX_ENTITY = 100  # characters
CHUNK = 1 << 20  # characters that are read at once, so that a bad end is not read
MAX_DEPTH = 50  # of elements within each other
MAX_ATTRIBUTES = 100  # of one element
MAX_TEXT = 1000000  # characters between tags, all together
DS = "http://www.w3.org/2000/09/xmldsig#"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
XINCLUDE = "{http://www.w3.org/2001/XInclude}"

# expat's error codes that a document gives which was cut off: no element, unclosed token, unclosed CDATA section
_CUT_OFF = (3, 5, 20)
_JUNK_AFTER = 9
_BLANKS = re.compile(r"[ \t\r\n]+")
# Their blanks mean nothing, not even between characters.
_BASE64 = {f"{{{DS}}}{name}" for name in ("X509Certificate", "SignatureValue", "DigestValue", "Modulus", "Exponent")}


def parsed(text: str) -> ElementTree.Element:
    """The root element; a `UserError` that names the problem."""
    parser = _Parser()
    try:
        for start in range(0, len(text), CHUNK):
            parser.feed(text[start : start + CHUNK].encode("utf-8"))
        root = parser.close()
    except ElementTree.ParseError as error:
        raise UserError(control_problem(text) or _explain(error)) from None
    except DefusedXmlException as error:
        raise UserError(f"has a document type declaration ({type(error).__name__}); {_NO_DTD}") from None
    if root is None:
        raise UserError(f"has no element; {DOWNLOAD}")
    return root


def digest(root: ElementTree.Element) -> str:
    """SHA-256 of what the document says: without comments, prefixes, blanks and the order of attributes."""
    hashed = hashlib.sha256()

    def put(*texts: str) -> None:
        for text in texts:
            raw = text.encode("utf-8", "surrogatepass")
            hashed.update(b"%d:" % len(raw) + raw)

    def walk(element: ElementTree.Element) -> None:
        put("<", element.tag)
        for key, value in sorted(element.attrib.items()):
            put("@", key, plain(value))
        content = plain(element.text or "")
        put("#", content.replace(" ", "") if element.tag in _BASE64 else content)
        for child in element:
            walk(child)
            put("#", plain(child.tail or ""))
        put(">")

    walk(root)
    return hashed.hexdigest()


def plain(text: str) -> str:
    """Blanks and line ends as one blank, none at the ends."""
    return _BLANKS.sub(" ", text).strip(" ")


_NO_DTD = "SAML metadata has none, and it can be used for attacks. Do not use this file: " + DOWNLOAD


class _Parser(DefusedXMLParser):  # type: ignore[misc,unused-ignore]
    """defusedxml's parser, which here looks into a document type declaration just to name what it is for."""

    def __init__(self) -> None:
        super().__init__(
            target=_Builder(), encoding="utf-8", forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
        self._external: Optional[str] = None
        self._entities = False
        self.parser.EndDoctypeDeclHandler = self._end_of_doctype

    def defused_start_doctype_decl(self, name: str, sysid: Optional[str], pubid: Optional[str], internal: Any) -> None:
        self._external = sysid or pubid

    def defused_entity_decl(
        self,
        name: str,
        is_parameter: Any,
        value: Optional[str],
        base: Any,
        sysid: Any,
        pubid: Any,
        notation: Any,
    ) -> None:
        if sysid or pubid:
            kind = "parameter entity" if is_parameter else "entity"
            raise UserError(f"has an external {kind}, which would load another file or URL; {_NO_DTD}")
        if is_parameter:
            raise UserError(f"declares a parameter entity; {_NO_DTD}")
        if value and "&" in value:
            raise UserError(f"has an entity that is made of others (entity expansion, a 'billion laughs'); {_NO_DTD}")
        if value and len(value) > MAX_ENTITY:
            raise UserError(f"has an entity of {len(value):,} characters (quadratic entity expansion); {_NO_DTD}")
        self._entities = True  # the next one may tell more

    def _end_of_doctype(self) -> NoReturn:
        if self._entities:
            raise UserError(f"declares an entity; {_NO_DTD}")
        if self._external:
            raise UserError(f"has an external document type definition (DTD); {_NO_DTD}")
        raise UserError(f"has a document type declaration (DTD); {_NO_DTD}")


class _Builder(ElementTree.TreeBuilder):
    """Builds the tree within bounds, and writes the type of an element without its prefix."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._text = 0
        self._namespaces: Dict[str, List[str]] = {}

    def start(self, tag: Any, attrs: Any, /) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UserError(f"has more than {MAX_DEPTH} elements within each other (nesting bomb); {DOWNLOAD}")
        if len(attrs) > MAX_ATTRIBUTES:
            raise UserError(f"has an element with {len(attrs):,} attributes, more than {MAX_ATTRIBUTES}; {DOWNLOAD}")
        if tag.startswith(XINCLUDE):
            raise UserError(f"has an XInclude element, which would load another file; take it out, or {DOWNLOAD}")
        if XSI_TYPE in attrs:
            attrs = dict(attrs, **{XSI_TYPE: self._full_name(attrs[XSI_TYPE])})
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Any:
        self._depth -= 1
        return super().end(tag)

    def data(self, data: Any, /) -> Any:
        self._text += len(data)
        if self._text > MAX_TEXT:
            raise UserError(f"has more than {MAX_TEXT:,} characters of text; {DOWNLOAD}")
        return super().data(data)

    def pi(self, target: str, text: Any = None, /) -> Any:
        name = target if len(target) <= 40 else target[:40] + "..."
        raise UserError(f"has a processing instruction ('{name}'), which SAML metadata does not need; take it out")

    def start_ns(self, prefix: str, uri: str) -> None:
        self._namespaces.setdefault(prefix, []).append(uri)

    def end_ns(self, prefix: str) -> None:
        self._namespaces[prefix].pop()

    def _full_name(self, name: str) -> str:
        prefix, _colon, local = name.strip().rpartition(":")
        uris = self._namespaces.get(prefix)
        return f"{{{uris[-1]}}}{local}" if uris else name


def _explain(error: ElementTree.ParseError) -> str:
    code, (line, column) = error.code, error.position
    where = f"at line {line}, column {column + 1}"
    if code in _CUT_OFF:
        return f"is cut off {where}; download it again, or copy all of it"
    if code == _JUNK_AFTER:
        return f"goes on after its end {where}: give one document alone"
    reason = str(error).split(":", 1)[0]
    return f"is not well-formed XML ({reason} {where}); {DOWNLOAD}"
