import pytest, collections
from http.cookies import SimpleCookie
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from tests.config.access_site import *
import json
BODIES={"accounts:sign-in":{"username":"a","password":"b"},"accounts:language":{"language":"en"},"submissions:form":{"action":"save","version":"0","v:X.all:":"3"},
"submissions:decide":{"action":"approve"},"plans:edit-target":{"text":""},
"api:submission":{"version":0,"cells":[]},"api:submission-send-back":{"reason":"a"}}
QUERY={"api:results":"?from=2025-08&to=2025-08","api:plan-assessments":"?year=2025"}
@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore")
def test_probe():
    site=make_site()
    rs={n:r for n,r in routes().items() if not n.startswith("admin:")}
    print()
    for m in ("GET","POST","PUT","DELETE","PATCH"):
      for n,r in rs.items():
        out=[]
        url=site.address(n,r)+QUERY.get(n,"")
        if m in("PUT","DELETE","PATCH"):
            c=Client(); c.force_login(site.people["administrator"], backend="django.contrib.auth.backends.ModelBackend")
            cache.clear(); a=c.generic(m,url,"{}",content_type="application/json").status_code
            if a==405: continue
        if m=="POST":
            c=Client(); c.force_login(site.people["administrator"], backend="django.contrib.auth.backends.ModelBackend")
            cache.clear()
            sid=transaction.savepoint()
            a=c.generic(m,url,"{}",content_type="application/json").status_code
            transaction.savepoint_rollback(sid)
            if a==405: continue
        body=BODIES.get(n,{})
        if n=="submissions:approve": body={"submission":site.submitted}
        for who in ("",*INSIDE,*OUTSIDE):
            c=Client(raise_request_exception=True)
            if who: c.force_login(site.people[who], backend="django.contrib.auth.backends.ModelBackend")
            cache.clear()
            sid=transaction.savepoint()
            try:
                a=c.get(url) if m=="GET" else c.generic(m,url,json.dumps(body),content_type="application/json") if n.startswith("api:") else c.post(url,body)
                out.append(str(a.status_code))
            except Exception as e:
                out.append(type(e).__name__)
            transaction.savepoint_rollback(sid)
        print('ROW',f'{n:32}{m:7}'," ".join(out),flush=True)
