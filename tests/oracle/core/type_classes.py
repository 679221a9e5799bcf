import inspect, sys
from sqlalchemy.sql import sqltypes, type_api
from sqlalchemy.dialects import sqlite, postgresql, mysql, mssql, oracle
import sqlalchemy as sa, enum
from sqlalchemy.util import compat
from sqlalchemy.util import langhelpers
TE=type_api.TypeEngine
mods=[('sa',sa),('sqltypes',sqltypes),('type_api',type_api),('sqlite',sqlite),('postgresql',postgresql),('mysql',mysql),('mssql',mssql),('oracle',oracle)]
classes=[]
def add(o):
    if o in classes or not issubclass(o,TE): return
    for b in reversed(o.__mro__[1:]):
        if b is not object and issubclass(b,TE): add(b)
    if o not in classes: classes.append(o)
for mn,m in mods:
    for n in sorted(dir(m)):
        o=getattr(m,n)
        if isinstance(o,type) and issubclass(o,TE) and 'Variant' not in n: add(o)
# capture repr structures
cap={}
orig=langhelpers.GenericRepr.__init__
def reprspec(cls):
    try:
        obj=cls.__new__(cls)
        obj._default_length="MISSING"
    except Exception: return None
    got={}
    def init(self,obj,additional_kw=(),to_inspect=None,omit_kwarg=()):
        got.update(add=additional_kw,ins=[obj] if to_inspect is None else list(to_inspect),omit=omit_kwarg)
        orig(self,obj,additional_kw,to_inspect,omit_kwarg)
    langhelpers.GenericRepr.__init__=init
    try:
        if issubclass(cls,type_api.TypeDecorator):
            TE.repr_struct(obj)
        else: obj.repr_struct()
    finally: langhelpers.GenericRepr.__init__=orig
    pos=[];kw={};vargs=None
    for i,insp in enumerate(got['ins']):
        try: spec=compat.inspect_getfullargspec(insp.__init__)
        except TypeError: continue
        dl=len(spec.defaults) if spec.defaults else 0
        if i==0:
            if spec.varargs: vargs=spec.varargs
            pos.extend(spec.args[1:-dl] if dl else spec.args[1:])
        else:
            kw.update([(a,'MISSING') for a in spec.args[1:-dl]])
        if dl: kw.update(zip(spec.args[-dl:],spec.defaults))
    kws=[(a,d) for a,d in kw.items() if a not in got['omit']]
    kws+=list(got['add'])
    return pos,vargs,kws
def params(cls):
    """positional names, varargs, keyword names accepted"""
    pos=[];var=None;kwn={}
    for i,b in enumerate([b for b in cls.__mro__ if '__init__' in b.__dict__ and b is not object]):
        if b is sqltypes.SchemaType and issubclass(cls,sqltypes.Enum): pass
        spec=compat.inspect_getfullargspec(b.__init__)
        dl=len(spec.defaults) if spec.defaults else 0
        args=spec.args[1:]
        defs=dict(zip(spec.args[-dl:],spec.defaults)) if dl else {}
        for a in args:
            if not pos_done:
                pos.append((a, a not in defs, defs.get(a)))
        break
    return pos,var
def allparams(cls):
    pos=[];var=None;kw={}
    first=True
    for b in cls.__mro__:
        if '__init__' not in b.__dict__ or b is object or b is enum.Enum: continue
        try: spec=compat.inspect_getfullargspec(b.__init__)
        except TypeError: continue
        dl=len(spec.defaults) if spec.defaults else 0
        args=spec.args[1:]
        defs=dict(zip(spec.args[-dl:],spec.defaults)) if dl else {}
        known={p[0] for p in pos}|set(kw)
        for a in args:
            if a in known: continue
            if a=='metadata' : pass
            if first: pos.append((a,a not in defs,defs.get(a)))
            else: kw[a]=defs.get(a)
        for a in spec.kwonlyargs:
            if a not in known: kw[a]=(spec.kwonlydefaults or {}).get(a)
        if first: var=spec.varargs
        if not spec.varkw: break
        first=False
    if cls in (sqlite.DATE, sqlite.DATETIME, sqlite.TIME):
        pos=[]
        kw=dict(storage_format=None,regexp=None,**({} if cls is sqlite.DATE else dict(truncate_microseconds=False)),**({} if cls is sqlite.DATE else dict(timezone=False)))
    if cls in (sa.Enum,) or issubclass(cls,sa.Enum):
        kw=dict(name=None,native_enum=True,create_constraint=False,values_callable=None,sort_key_function=None,length=None,omit_aliases=True,validate_strings=False,schema=None,metadata=None,inherit_schema=sqltypes._NoArg if False else None,quote=None, _create_events=True, _adapted_from=None, **{k:v for k,v in kw.items() if k in('charset','collation','ascii','binary','unicode','national','create_type')})
    return pos,var,kw
def lit(d):
    if d is None: return 'Default::None'
    if isinstance(d,bool): return 'Default::Boolean(%s)'%str(d).lower()
    if isinstance(d,int): return 'Default::Integer(%d)'%d
    if isinstance(d,str):
        if d=='_DEFLEN': return 'Default::Other'
        if d=='MISSING': return 'Default::Required'
        return 'Default::String("%s")'%d
    return 'Default::Other'
def dialect(cls):
    p=cls.__module__.split('.')
    return '"%s"'%p[2] if p[1]=='dialects' else '""'
def ident(cls):
    p=cls.__module__.split('.')
    pre=(p[2].upper()+'_') if p[1]=='dialects' else ''
    import re
    n=cls.__name__
    if n.upper()!=n: n=re.sub(r'(?<=[a-z0-9])(?=[A-Z])','_',n).upper(); n=n.replace('JSONPATH','JSON_PATH'); n='GENERIC_'+n
    return (pre+n).replace('__','_')
ids={}
for c in classes:
    i=ident(c)
    assert i not in ids.values(),(i,c)
    ids[c]=i
out=[]
P=out.append
P("//! Every type class of SQLAlchemy and of its dialects, as data: name, module, signature, bases.\n//!\n//! Written by `tests/oracle/core/type_classes.py` from the reference; change that, not this.\n")
P("use super::{Default, Parameter, TypeClass};\n")
for c in classes:
    pos,var,kw=allparams(c)
    pos=[p for p in pos if not p[0].startswith('_')]
    kw={k:v for k,v in kw.items() if not k.startswith('_')}
    rs=reprspec(c) or ([],None,[])
    rp,rv,rk=rs
    rk=[(a,d) for a,d in rk if not a.startswith('_')]
    aff='None'
    try:
        if c is not TE and not issubclass(c,(type_api.UserDefinedType,)):
            if c is type_api.TypeDecorator: aff='None'
            elif issubclass(c,type_api.TypeDecorator): aff='Some(&%s)'%ids[c()._type_affinity]
            else:
                o=c.__new__(c); a=o._type_affinity
                aff='Some(&%s)'%ids[a] if a is not None else 'None'
    except Exception as e:
        print('aff',c,e,file=sys.stderr)
    mro=[b for b in c.__mro__ if b in ids]
    sch=issubclass(c,sqltypes.SchemaType)
    vn=getattr(c,'__visit_name__',None)
    P(f"/// `{c.__module__}.{c.__name__}`.")
    P(f"pub static {ids[c]}: TypeClass = TypeClass {{")
    P(f'    name: "{c.__name__}", module: "{c.__module__}", dialect: {dialect(c)}, visit_name: "{vn or ""}",')
    P(f'    affinity: {aff}, mro: &[{", ".join("&"+ids[b] for b in mro)}],')
    P('    positional: &[%s],'%", ".join('Parameter { name: "%s", default: %s }'%(n,'Default::Required' if r else lit(d)) for n,r,d in pos))
    P('    variadic: %s,'%('Some("%s")'%var if var and var not in('args',) else 'None'))
    P('    keywords: &[%s],'%", ".join('Parameter { name: "%s", default: %s }'%(n,lit(d)) for n,d in kw.items()))
    P('    repr_positional: &[%s],'%", ".join('"%s"'%n for n in rp))
    P('    repr_variadic: %s,'%('Some("%s")'%rv if rv and rv!='args' else 'None'))
    P('    repr_keywords: &[%s],'%", ".join('Parameter { name: "%s", default: %s }'%(n,lit(d)) for n,d in rk))
    P('};\n')
P("/// All of them, bases before what inherits from them.")
P("pub static ALL: &[&TypeClass] = &[%s];"%", ".join('&'+ids[c] for c in classes))
open(sys.argv[1],'w').write("\n".join(out))
