// Made from sqlite.grammar by `node scripts/make-parser.mjs`: change that file, not this one.
import type {
  Assignment,
  CaseBranch,
  ColumnConstraint,
  ColumnDefinition,
  CommonTable,
  Compound,
  ConflictAction,
  CreateTable,
  CreateTrigger,
  CreateVirtualTable,
  Deferral,
  Expression,
  Frame,
  FrameBound,
  From,
  Indexed,
  Limit,
  Name,
  NamedColumn,
  NamedWindow,
  OrderTerm,
  QualifiedName,
  Quantifier,
  ReferenceArg,
  ResultColumn,
  Select,
  Span,
  Statement,
  TableConstraint,
  TableOption,
  TypeName,
  Window,
  With,
  WriteTarget,
} from "./ast.ts";
import {
  type BeginMode,
  COMMA_JOIN,
  type ColumnHead,
  type CreateTableHead,
  type FilterOver,
  INNER_JOIN,
  type InsertVerb,
  type JoinKind,
  type JoinPrefix,
  type LikeOperator,
  type OnUsing,
  type Parsed,
  type TriggerEvent,
  type TriggerHead,
  type UpsertReturning,
  type WhereReturning,
  append,
  binary,
  call,
  columnDefinition,
  columnOf,
  compound,
  declaredType,
  joinKind,
  joined,
  nameOf,
  operator,
  parameter,
  qualified,
  selectOf,
  signedConstant,
  spanOf,
  storageOf,
  tableOption,
  typeName,
  unquoted,
  upsertBefore,
  valuesOf,
  word,
} from "./build.ts";
import type { Token } from "./tokens.ts";

/** The value of a rule, from those of its symbols, which begin at `b` of `v`. */
export type Reduce = (v: readonly unknown[], b: number, at: Span, text: string) => unknown;

/** Tokens by number; 0 is the end. */
export const TERMINALS: readonly string[] = (
  "$ SEMI EXPRESSION EXPLAIN QUERY PLAN BEGIN TRANSACTION DEFERRED IMMEDIATE EXCLUSIVE READONLY COMMIT END ROLLBACK" +
  " SAVEPOINT RELEASE TO TABLE CREATE IF NOT EXISTS TEMP LP RP AS COMMA WITHOUT RANDOM ID INDEXED JOIN_KW STRING CO" +
  "NSTRAINT DEFAULT PLUS MINUS NULL PRIMARY KEY UNIQUE CHECK REFERENCES COLLATE GENERATED ALWAYS AUTOINCR MATCH ON " +
  "INSERT DELETE UPDATE SET CASCADE RESTRICT NO ACTION DEFERRABLE INITIALLY FOREIGN CONFLICT OR IGNORE REPLACE DROP" +
  " VIEW WITH RECURSIVE UNION ALL EXCEPT INTERSECT SELECT VALUES DISTINCT STAR DOT FROM JOIN USING BY ORDER ASC DES" +
  "C NULLS FIRST LAST GROUP HAVING LIMIT OFFSET WHERE RETURNING EQ INTO DO NOTHING INTEGER FLOAT QNUMBER BLOB CTIME" +
  "_KW VARIABLE CAST WITHIN AND LT GT GE LE NE BITAND BITOR LSHIFT RSHIFT SLASH REM CONCAT LIKE_KW ESCAPE ISNULL NO" +
  "TNULL IS BITNOT PTR BETWEEN IN CASE WHEN THEN ELSE INDEX VACUUM PRAGMA TRIGGER BEFORE AFTER INSTEAD OF FOR EACH " +
  "ROW RAISE ABORT FAIL ATTACH DETACH DATABASE REINDEX ANALYZE ALTER RENAME ADD COLUMNKW FUNCTION LANGUAGE VIRTUAL " +
  "ANY MATERIALIZED PARTITION RANGE ROWS GROUPS UNBOUNDED PRECEDING FOLLOWING CURRENT EXCLUDE OTHERS TIES WINDOW OV" +
  "ER FILTER"
).split(" ");

/** By token: the token that it is where it fits nothing. */
export const FALLBACK: ReadonlyMap<string, string> = new Map([
  ["ABORT", "ID"],
  ["ACTION", "ID"],
  ["AFTER", "ID"],
  ["ANALYZE", "ID"],
  ["ASC", "ID"],
  ["ATTACH", "ID"],
  ["BEFORE", "ID"],
  ["BEGIN", "ID"],
  ["BY", "ID"],
  ["CASCADE", "ID"],
  ["CAST", "ID"],
  ["COLUMNKW", "ID"],
  ["CONFLICT", "ID"],
  ["DATABASE", "ID"],
  ["DEFERRED", "ID"],
  ["DESC", "ID"],
  ["DETACH", "ID"],
  ["DO", "ID"],
  ["EACH", "ID"],
  ["END", "ID"],
  ["EXCLUSIVE", "ID"],
  ["EXPLAIN", "ID"],
  ["FAIL", "ID"],
  ["FOR", "ID"],
  ["FUNCTION", "ID"],
  ["IGNORE", "ID"],
  ["IMMEDIATE", "ID"],
  ["INITIALLY", "ID"],
  ["INSTEAD", "ID"],
  ["LANGUAGE", "ID"],
  ["LIKE_KW", "ID"],
  ["MATCH", "ID"],
  ["NO", "ID"],
  ["PLAN", "ID"],
  ["QUERY", "ID"],
  ["KEY", "ID"],
  ["OF", "ID"],
  ["OFFSET", "ID"],
  ["PRAGMA", "ID"],
  ["RAISE", "ID"],
  ["RANDOM", "ID"],
  ["READONLY", "ID"],
  ["RECURSIVE", "ID"],
  ["RELEASE", "ID"],
  ["REPLACE", "ID"],
  ["RESTRICT", "ID"],
  ["ROW", "ID"],
  ["ROWS", "ID"],
  ["ROLLBACK", "ID"],
  ["SAVEPOINT", "ID"],
  ["TEMP", "ID"],
  ["TRIGGER", "ID"],
  ["VACUUM", "ID"],
  ["VIEW", "ID"],
  ["VIRTUAL", "ID"],
  ["WITH", "ID"],
  ["WITHOUT", "ID"],
  ["NULLS", "ID"],
  ["FIRST", "ID"],
  ["LAST", "ID"],
  ["CURRENT", "ID"],
  ["FOLLOWING", "ID"],
  ["PARTITION", "ID"],
  ["PRECEDING", "ID"],
  ["RANGE", "ID"],
  ["UNBOUNDED", "ID"],
  ["EXCLUDE", "ID"],
  ["GROUPS", "ID"],
  ["OTHERS", "ID"],
  ["TIES", "ID"],
  ["GENERATED", "ID"],
  ["ALWAYS", "ID"],
  ["MATERIALIZED", "ID"],
  ["REINDEX", "ID"],
  ["RENAME", "ID"],
  ["CTIME_KW", "ID"],
  ["IF", "ID"],
]);

export const WILDCARD = "ANY";

/** By state: the action of all other tokens, then each action with its tokens, in base 36. */
export const ACTIONS: readonly string[] = (
  "k3,6 2,a 3,c 6,e c d,g e,i f,k g,o 1t,w 3p,y 3q,10 42,12 43,14 45,16 46,18 47,1c j,1e 1v,1k 21,1q 22;0,1s 1;0,1y" +
  " o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;7;k3,2w 4,c 6,e " +
  "c d,g e,i f,k g,o 1t,w 3p,y 3q,10 42,12 43,14 45,16 46,18 47,1c j,1e 1v,1k 21,1q 22;l,30 8 9 a b;f,34 7;f,34 7;0" +
  ",3a u v w,3c x;v,3g f;0,3k o,3m q;0,3o i,3q 1u,3s 3o,3u 3r,3w 4b;1f,44 4b,46 4d,48 n,4a 15,fn 3o;63;0,4c 1f,4e 1" +
  "g,4i 1e,4k 1s;gb,4q 2n,3a u v w,3c x;0,3a u v w,3c x;il,4w 44;il,4w 44;in,3a u v w,3c x;ir,3a u v w,3c x;0,54 i;" +
  "jd,56 o;17;0,5a 1w,3a u v w,3c x;69,5i 1x,5k 1z 20;6b;73,5o 23,5q 1y;6p,5s r;6t,5u r;0,5w o;3;0,5y 1,60 18,62 2y" +
  ",64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,7" +
  "0 3i,72 3j;br;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,7a 1v,2k 12,2m 2q 2r 2s,2o 2t,2q " +
  "x,2s 2u,1k 21,1q 22;bv,7c o,23 25;0,7e 25;cb;0,7g o;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2" +
  "i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2" +
  "m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2" +
  "o 2t,2q x,2s 2u;0,7o o;f5,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t" +
  ",2q x,2s 2u;0,7u o;c1;c3;c5;c7,25 25;c9;9;0,7w 5;f,34 7;n;p;h,3a u v w,3c x;r,82 h;x;23;25;0,3a u v w,3c x;t;13;" +
  "0,3a u v w,3c x;0,7a 1v,1k 21,1q 22;5z,8g k;5z,8g k;5z,8g k;5z,8g k;5z,8g k;0,8q 1u,8s i,8u 3r;0,8w 3o;0,8y 6;19" +
  ",92 k;0,94 i;1d;fl;0,96 26;5j,9a 1q;0,9c 2n;5j,9a 1q;bh;g5;gb,4q 2n;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10" +
  " 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;85,9m 25;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11" +
  ",2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;ij;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g " +
  "3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;85,9m 25;85,9m 25;0,3a u v w,3c x;jn;k5,a6 r,1k 21,1q 22;0,3a u v w," +
  "3c x;kh;fp,ac o;0,1k 21,1q 22;6f,ag 1y;6j;77;6z;71;0,am o;0,ao o;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11" +
  ",2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;5;0,au u x;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11," +
  "2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2" +
  "i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2" +
  "m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2" +
  "o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s" +
  " 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,2" +
  "0 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2" +
  "v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l" +
  ",2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;dn;dp;0,be 12,bg 3b 1c,bi 3i,bk 3j;0,bo l,bq" +
  " 23,1y o,20 u v w,24 2v,26 2w,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w" +
  ",24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w" +
  ",28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,bw o,3a u v w,3c x;df;e9;ef;fd,c0 p,6" +
  "0 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h," +
  "6y 3b 1c,70 3i,72 3j;0,c2 r;0,c4 p;0,c8 1w,3a u v w,3c x;73,cc 24,5o 23,5q 1y;0,3a u v w,3c x;0,1y o,20 u v w,24" +
  " 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;e1,60 18,66 2z 30 31 32,68 2m " +
  "33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;e3;e5;0,7a 1v,1k " +
  "21,1q 22;0,cm 3l;f3,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m" +
  " 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,co 1r,cs e,cu 40,cw 41;k3,c 6,e c d,g e,i f,k g,o 1t,w 3p,y 3q,10 42" +
  ",12 43,14 45,16 46,18 47,1c j,1e 1v,1k 21,1q 22;d;j;v,3g f;z;4p,d4 r;2p;27,dc u x;1j;0,3a u v w,3c x;0,dg m;0,3a" +
  " u v w,3c x;0,3a u v w,3c x;0,3a u v w,3c x;0,3a u v w,3c x;19,92 k;19,92 k;19,92 k;19,92 k;0,e2 1g,e6 1f,4i 1e," +
  "4k 1s,7a 1v,1k 21,1q 22;0,3a u v w,3c x;0,ec l;19,92 k;0,3a u v w,3c x;0,3a u v w,3c x;0,eq 1r,es 1s,cs e,cu 40," +
  "cw 41;0,3a u v w,3c x;bf;g7;g9,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g " +
  "3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;gd,ew 2m,ey o;0,3a u v w,3c x;0,f2 q,60 18,62 2y,64 1q,66 2" +
  "z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;" +
  "id,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s" +
  " 3h,6y 3b 1c,70 3i,72 3j;ip;it;0,f4 48,f6 49,f8 1t,fa 47;89,fc 25;0,fe p,fg r;0,fk 4e,fo o,jj p r;65,5i 1x,5k 1z" +
  " 20;0,3a u v w,3c x;k7,a6 r,1k 21,1q 22;0,fw q;0,3a u v w,3c x;6d;6h;7n,g6 r,g8 26;0,ge 24,1y o,20 u v w,24 2v,2" +
  "6 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2q x,2k 12,2m 2q 2r 2s,2o 2t,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a" +
  " 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11" +
  ",2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,gm p,go r;fd,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a" +
  " 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;cd;cz,60 18,66 2z 30 3" +
  "1 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;d1,60 " +
  "18,62 2y,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c" +
  ",70 3i,72 3j;d3,60 18,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6s 3h;d5,60 18,66 2z 30 31 32,6a 34 35 36 37,6c " +
  "10 11,6e 24 38 39,6g 3a,6s 3h;d7,60 18,6c 10 11,6e 24 38 39,6g 3a,6s 3h;d9,60 18,6e 24 38 39,6g 3a,6s 3h;db,60 1" +
  "8,6g 3a,6s 3h;dd,60 18;dj,gq 3c,60 18,66 2z 30 31 32,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6s 3h;dr;dh;eb;eh" +
  ";dt,60 18,66 2z 30 31 32,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6s 3h;0,gu 23,1y o,20 u v w,24 2v,26 2w,28 l," +
  "2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,gw 26;e7,60 18;0,gy 2y,60 18,64 1q,66 2z 30" +
  " 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;f9,7" +
  "a 1v,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,1k 21,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u,1q " +
  "22;85,9m 25;bt;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s " +
  "2u;el;0,a6 r,1k 21,1q 22;0,3a u v w,3c x;f9,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12" +
  ",2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,he p;bx,hg 25;0,hi q,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c" +
  " 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,hk p;f1,ho 3l,hq 3n;0,1y o,20 u v w" +
  ",24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,hu p;0,hw r;i3;i5;i7;b;0," +
  "3a u v w,3c x;0,i0 p;0,3a u v w,3c x,i8 y,ia 13,ic 15,ie 16,ig 1o;1z,ik y,im z,io 12,iq l,is 13,iu 15,iw 16,iy 1" +
  "7,j2 18,j4 19,j6 q,j8 1m;21;29,ja o,jc u x;2f;5t;5x;5v;g3;i9;jb;0,3a u v w,3c x;0,3a u v w,3c x;0,3a u v w,3c x;" +
  "0,3a u v w,3c x;0,jm d,e2 1g,e6 1f,4i 1e,4k 1s,7a 1v,1k 21,1q 22;0,jq 1;5j,9a 1q;0,ju 2n;0,jw 26;hx;0,jy 4c;0,k0" +
  " m;0,3a u v w,3c x;8x,k8 v,ka l;8d,kc q;8x,k8 v,ka l;5l;5n;5p;5r;bj,ki o;0,ks 1d 1f z,ku 11,kw 10,ky 2q 2r,3a u " +
  "v w,3c x;0,ks 1d 1f z,ku 11,kw 10,ky 2q 2r,3a u v w,3c x;87;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m" +
  ",2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;j5,l6 h,la 4a;j5,la 4a;j5,la 4a;0,lg 4a;0,3a u v w,3c x;jf;jn;jp" +
  ";jr;jx;jv;kj;67,5i 1x,5k 1z 20;0,lo o;k9,lq 4f,ls l;0,lu p,lw r;fv;fz,m0 18;a9,m4 2k;75;7t;79;7l,60 18,62 2y,64 " +
  "1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,mc q,me u x,6y" +
  " 3b 1c,70 3i,72 3j;7d;0,mg 25;0,mi p,go r;0,mk p,go r;6r;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g" +
  " 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k" +
  " 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;dv,60 18,66 2z 30 31 32,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6s 3h;0,mq 26" +
  ";0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u" +
  " v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,mw p;0,my p;f7,go r;f" +
  "f,n2 o;fb,n4 p,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6" +
  "o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,a6 r,1k 21,1q 22;0,n6 p,n8 2a;cl,ng 4t,ni 4s;0,3a u v w,3c x;27,dc u x;er" +
  ";0,no d;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y" +
  " o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,nu 3m,60 18,62" +
  " 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1" +
  "c,70 3i,72 3j;hz;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2" +
  "s 2u;11;1l,o2 s,o4 t,3a u v w,3c x;2p;4z,oc r,4r p;4v;0,3a u v w,3c x;0,og 14;0,oi o;0,ok o;0,om 14;2n;0,3a u v " +
  "w,3c x;0,os o,ou 10 11,ow u v,2k 12,2m 2q 2r 2s,2o 2t,oy x,2s 2u;5f,p2 1d;0,p4 12,p6 1m;0,p8 14;5f,p2 1d;0,pc o;" +
  "0,3a u v w,3c x;3d;0,pg u x;0,pi 1a;0,pm o;4j,pq 1n;0,kw 10,ky 2q 2r,ku 11;2h;85,9m 25;85,9m 25;85,9m 25;85,9m 2" +
  "5;gz;0,q6 1;hp;0,3a u v w,3c x;0,3a u v w,3c x;0,3a u v w,3c x;0,3a u v w,3c x;1b;85,9m 25;ad,qk 2k,qm 2l;8z;0,q" +
  "o 29;0,qq v;0,3a u v w,3c x;0,qu 1h;0,qy z,7a 1v,1k 21,1q 22;0,3a u v w,3c x;gf;gj;gn;gp;gr;0,r4 2q 2r;0,r6 2q 2" +
  "r;gv;0,r8 p;0,ra p;if,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d," +
  "6m 3e,6o l,6q 3f,6s 3h,re 14,6y 3b 1c,70 3i,72 3j;0,3a u v w,3c x;0,3a u v w,3c x;j7;0,3a u v w,3c x;0,3a u v w," +
  "3c x;0,3a u v w,3c x;8b;0,fk 4e,fo o,jl p r;0,rq p,rs o,ru 4e;0,7a 1v,1k 21,1q 22;kb;0,ry 4f;fr;0,3a u v w,3c x;" +
  "9j,s4 2b,s6 2c;0,s8 u x;9r,sc 2g;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r" +
  " 2s,2o 2t,2q x,2s 2u;7p,si r,sk 27,sm w;0,sq o,3a u v w,3c x;7b;0,3a u v w,3c x;7j;0,su 24,3a u v w,3c x;6v;6x;f" +
  "b,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s " +
  "3h,6y 3b 1c,70 3i,72 3j;dl,60 18,66 2z 30 31 32,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6s 3h;0,1y o,20 u v w," +
  "24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;dz,60 18,66 2z 30 31 32,6a 3" +
  "4 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6s 3h;ed,60 18,66 2z 30 31 32,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6s" +
  " 3h;ej;en;ep;f9,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2" +
  "u;cx;ch,t0 2x,ng 4t,ni 4s;0,t4 29;ct;m3,ni 4s;m1;0,t8 o;0,ta o,3a u v w,3c x;bz;0,te p;et;0,tg 3m,60 18,62 2y,64" +
  " 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3" +
  "i,72 3j;ez,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l," +
  "6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r" +
  " 2s,2o 2t,2q x,2s 2u;0,tk p,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a," +
  "6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;1h,tm r;1n;0,3a u v w,3c x;0,3a u v w,3c x;1v;1x,ik y,im z,io " +
  "12,iq l,is 13,iu 15,iw 16,iy 17,j2 18,j4 19,j6 q,j8 1m;0,i8 y,ia 13,ic 15,ie 16,ig 1o;4x;51;0,tu o;0,1y o,20 u v" +
  " w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 " +
  "2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,u4 o;2r;2t;0,1y o,20 u v w,24 2v,26" +
  " 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,2k 12,2m 2q 2r 2s,2o 2t,oy x,2s 2u" +
  ";2z;c7;31;0,ua 1p;5f,p2 1d;4j,pq 1n;9j,s4 2b,s6 2c;37;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k" +
  ",2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;fp,ac o;3f;0,um q;3j;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2" +
  "e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;4h;0,uq 8,us 9;0,uu p,uw r;2j;2l;fp,ac o;15;h7,v2 3s 3t,v4 3u" +
  ";0,v6 1d;hn;0,v8 1h;bj,ki o;a9,m4 2k;0,ve q;0,vg 28;95,vk 2a;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e " +
  "m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;77;0,3a u v w,3c x;93;8f;0,vw o,3a u v w,3c x;az,w0 2l,w2 1d;0," +
  "w4 22;0,w6 p,w8 r;bp;gx;gt;gh;gl;ib;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q" +
  " 2r 2s,2o 2t,2q x,2s 2u;iv;0,wc h;2p;iz;0,wg h;jt;jx;k1;0,wk p;kd;ft;fx;9f;9h;g1;9v,wo 2h;0,wq 29;ab,60 18,62 2y" +
  ",64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,7" +
  "0 3i,72 3j;7r;8h;8j;0,ws 27,3a u v w,3c x;85,9m 25;7t,7a 1v,1k 21,1q 22;7h;7f;dx,60 18,66 2z 30 31 32,6a 34 35 3" +
  "6 37,6c 10 11,6e 24 38 39,6g 3a,6s 3h;0,x2 p;0,x4 2g;cp;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g " +
  "3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;lz;0,x8 2k;l3,xc 4g,xg 2a,3a u v w,3c x,xm 4h 4i 4j;m7;cf;0,1y o,20 " +
  "u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;ex,60 18,62 2y,64 1q,6" +
  "6 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 " +
  "3j;i1;0,o2 s,o4 t,3a u v w,3c x;1r;1t;4t;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12," +
  "2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,xu p,xw r;9b;9j,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11" +
  ",6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,s4 2b,s6 2c,6y 3b 1c,70 3i,72 3j;0,y0 p,60 18,62 2y,64 1q,66 2z " +
  "30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0," +
  "3a u v w,3c x;0,y4 p,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6" +
  "m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;2x;0,eq 1r,es 1s,cs e,cu 40,cw 41;33;4f;5f,p2 1d;0,ya p,60 18,62 2y,6" +
  "4 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 " +
  "3i,72 3j;3t;0,pm o;0,yg p,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k" +
  " 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;4l;4n;2b;0,kw 10,ky 2q 2r,ku 11;0,yk q;0,yo 1f 1e,yq 1g;h3;0,ys " +
  "3v;0,3a u v w,3c x;0,vw o,3a u v w,3c x;0,7a 1v,1k 21,1q 22;hv;0,3a u v w,3c x;0,3a u v w,3c x;9z,z6 2i;0,z8 29;" +
  "af,za 2l,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q" +
  " 3f,6s 3h,6y 3b 1c,70 3i,72 3j;ah,g6 r;91;7n,ze r,g8 26;0,zg 2m;0,3a u v w,3c x;av;77;0,zm 1p;bd,zq 2l;bl;0,3a u" +
  " v w,3c x;ih,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o " +
  "l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,3a u v w,3c x;ix,ik y,im z,io 12,iq l,is 13,iu 15,iw 16,iy 17,j2 18,j4 19,j" +
  "6 q,j8 1m;0,3a u v w,3c x;0,zy p,rs o,ru 4e;kf;95,vk 2a,104 4r;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2" +
  "e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i" +
  " 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;8l;0,10a 27,3a u v w,3c x;7l,10g o,mc q,me u x;0,10i p;0,10k p,si r,sk 27" +
  ",sm w;fh;0,10m o;0,10o p,xw r;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s" +
  ",2o 2t,2q x,2s 2u;0,10s p;0,10u 29;l3,10w 4g,10y 2a,xm 4h 4i 4j;0,112 29;kz;0,116 3i,11a 4k,11e 4n,1y o,20 u v w" +
  ",24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;l9;ev,60 18,62 2y,64 1q,66 " +
  "2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j" +
  ";1p;3p,xw r,11i 1b;5f,p2 1d;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2" +
  "o 2t,2q x,2s 2u;9p,11q 2d;5f,p2 1d;0,11u p,lw r;2v;5h;3p,11i 1b;39;3b,120 1c,122 1d;3h;3l,124 u;0,126 p;0,7a 1v," +
  "1k 21,1q 22;0,12a 1d;h9;hb,12c 3v;h5;0,12e o;7n,ze r,g8 26;az,w0 2l,w2 1d;j9;jh;a7;0,1y o,20 u v w,24 2v,26 2w,2" +
  "8 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c" +
  " 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;77;ad,qk 2k,qm 2l;0,12u o,3a u v w,3c x;0,1y o,20 u v" +
  " w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,12y p,w8 r;b1,g6 r;0,13" +
  "0 o,132 2o;ax;77;bn;j1;2p;jz;9z,z6 2i;95,vk 2a;0,3a u v w,3c x;9x,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 3" +
  "4 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;9t,go r;8n;0,13i 27;8v,1" +
  "3o 1d,13q 28,k8 v,ka l;f9,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t" +
  ",2q x,2s 2u;7l,mc q,me u x;7l,mc q,me u x;0,13y 2a;cj,ng 4t,ni 4s;0,142 p,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m" +
  " 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;m5;0,1y o,20 u v" +
  " w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,146 29;0,148 29;l1;0,1y" +
  " o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;ln,14e 4o;0,11a " +
  "4k,11e 4n,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;lb;0" +
  ",14i 4l;0,14k 4l 4m,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m" +
  " 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,14m 3y;0,14o p;3r;55;99;9d;0,14q 2e,14s 2f;57;0,14u 17;35;3v;0,3a u " +
  "v w,3c x;0,14y 1e,150 1f,152 1g;3n;2d;61;0,3a u v w,3c x;0,3a u v w,3c x;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g," +
  "2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;a9,m4 2k;ht;a1,15c 2j,15e r,60 18,62 2y,64 1q,66 2z" +
  " 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;9" +
  "7,xw r;aj,g6 r;95,vk 2a;0,15i 2m;0,3a u v w,3c x;ar,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c " +
  "10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,15m 2m;0,1y o,20 u v w,24 2v,26 2w,2" +
  "8 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,15q 2p,15s 1g;bb,g6 r;j3,ik y,im z,io 1" +
  "2,iq l,is 13,iu 15,iw 16,iy 17,j2 18,j4 19,j6 q,j8 1m;6l;9z,z6 2i;lx,15w r;kl;0,15y q;8p;7v;8v,13o 1d,13q 28;0,1" +
  "y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,164 o;0,166 p" +
  ";8v,13o 1d,13q 28;8v,13o 1d,13q 28;0,16c 29;cr;m9;95,go r,vk 2a;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11," +
  "2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2" +
  "i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;l3,xw r,xm 4h 4i 4j;l5;0,16o 1k,16q 4n,16s 2g 4q;0,16u 2y;ld;lj;ll;5f,p2" +
  " 1d;9l;9n;0,3a u v w,3c x;3x;0,172 1h,174 1i,176 1j,178 1k;0,172 1h,174 1i,176 1j,178 1k;0,172 1h,174 1i,176 1j," +
  "178 1k;hf,17g 3w;hd,w8 r;0,17i p,xw r;hr;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12," +
  "2m 2q 2r 2s,2o 2t,2q x,2s 2u;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s," +
  "2o 2t,2q x,2s 2u;9z,z6 2i;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o " +
  "2t,2q x,2s 2u;0,17s p,w8 r;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o" +
  " 2t,2q x,2s 2u;0,17w p,xw r;bd,zq 2l;0,180 1h;6n;0,3a u v w,3c x;0,184 o;7x;8r,60 18,62 2y,64 1q,66 2z 30 31 32," +
  "68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,3a u v w," +
  "3c x;7l,mc q,me u x;81;83;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o " +
  "2t,2q x,2s 2u;l3,xm 4h 4i 4j;95,go r,vk 2a;l3,xw r,xm 4h 4i 4j;kv;lp;0,18i 4p;0,18k 3y;lv;0,18q 4k,11e 4n,1y o,2" +
  "0 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q 2r 2s,2o 2t,2q x,2s 2u;53;fp,ac o;3z;0,18u " +
  "12,18w z;49;4b;0,18y 1l;41;43;hj,192 3l;0,194 3x;a9,m4 2k;a3,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 " +
  "36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;a5,60 18,62 2y,64 1q,66 2z 30" +
  " 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;al;a" +
  "n,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s " +
  "3h,6y 3b 1c,70 3i,72 3j;0,198 2m;at,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 3" +
  "9,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;a9,m4 2k;b7;0,vw o,3a u v w,3c x;kn;l3,xc 4g,xg 2a,3a " +
  "u v w,3c x,xm 4h 4i 4j;0,19g p,w8 r;8v,13o 1d,13q 28;0,19k p,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 " +
  "36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;kr;l3,xm 4h 4i 4j;kx;lr;lt;ln" +
  ",14e 4o;lf;0,19q 4m;3t;45;47;4d;h1;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q " +
  "2r 2s,2o 2t,2q x,2s 2u;0,19w 3y;fj;0,1y o,20 u v w,24 2v,26 2w,28 l,2a 3g,2c 10 11,2e m,2g 3k,2i 3z,2k 12,2m 2q " +
  "2r 2s,2o 2t,2q x,2s 2u;0,1a0 2o;a9,ze r,m4 2k;0,1a4 p;8t;7z;cn,ng 4t,ni 4s;kt;l7;lh;5b,120 1c,122 1d,1ac l,j8 1m" +
  ";hl,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g 3a,6k 3d,6m 3e,6o l,6q 3f,6" +
  "s 3h,6y 3b 1c,70 3i,72 3j;hh;ap,60 18,62 2y,64 1q,66 2z 30 31 32,68 2m 33,6a 34 35 36 37,6c 10 11,6e 24 38 39,6g" +
  " 3a,6k 3d,6m 3e,6o l,6q 3f,6s 3h,6y 3b 1c,70 3i,72 3j;0,1ae 1g,1ag 2p;bd,zq 2l;kp;cv;59;5d;0,p6 1m;0,1ak 1h;az,w" +
  "0 2l,w2 1d;b9;0,vw o,3a u v w,3c x;b5;a9,ze r,m4 2k;az,w0 2l,w2 1d;b3"
).split(";");

/** By state: where a symbol leads. */
export const GOTOS: readonly string[] = (
  "1 1,2 3,6 a,7 c,11 d,33 e,2x m,12 p,14 q,15 s,16 t;;22 w,23 x,f 10;;2 1e,6 a,7 c,11 d,33 e,2x m,12 p,14 q,15 s,1" +
  "6 t;4 1g;3 1i;3 1k;f 1l;5 1o;a 1q;;9 1y,2d 1z,2m 20;;1z 27;2i 2a,f 2b;f 2d;2v 2e;2v 2g;f 2h;f 2i;;;;36 2l,35 2n," +
  "f 2o;13 2p;;17 2s;;;;;24 38,25 3e,26 3f;;22 3j,2b 3k,11 3l,23 x,f 10,12 p,14 q,15 s,16 t;;;;;22 3q,23 x,f 10;22 " +
  "3r,23 x,f 10;22 3s,23 x,f 10;;29 3u,22 3v,23 x,f 10;;;;;;;;;3 3y;;;f 3z;;;;;f 41;;;d 42,e 43,f 44;11 45,12 p,14 " +
  "q,15 s,16 t;10 46;10 48;10 49;10 4a;10 4b;;;;8 4h;;;;;y 4l;;y 4o;;;2i 4p;22 4q,23 x,f 10;1f 4r;22 4t,23 x,f 10;;" +
  "22 4u,23 x,f 10;1f 4v;1f 4w;1g 4x,f 4y;2y 4z,2z 50;12 51,14 q,15 s,16 t;36 53,35 2n,f 2o;;2e 54;14 56,15 s,16 t;" +
  ";;19 58,18 59;;;;;2b 5c,22 5d,23 x,f 10;;;22 5f,23 x,f 10;22 5g,23 x,f 10;22 5h,23 x,f 10;22 5i,23 x,f 10;22 5j," +
  "23 x,f 10;22 5k,23 x,f 10;22 5l,23 x,f 10;22 5m,23 x,f 10;22 5n,23 x,f 10;;;;22 5s,23 x,f 10;22 5v,23 x,f 10;22 " +
  "5w,23 x,f 10;f 5y;;;;24 38,25 3e,26 3f;;;36 62,35 2n,f 2o;17 64;f 66;22 67,23 x,f 10;24 38,25 3e,26 3f;24 38,25 " +
  "3e,26 3f;24 38,25 3e,26 3f;11 68,12 p,14 q,15 s,16 t;27 69;24 38,25 3e,26 3f;2t 6c;2 6g,6 a,7 c,11 d,33 e,2x m,1" +
  "2 p,14 q,15 s,16 t;;;5 6h;;s 6i;j 6k;g 6l,h 6m;;1g 6o,f 4y;;1g 6q,f 4y;1g 6r,f 4y;1g 6s,f 4y;f 6t;8 6u;8 6v;8 6w" +
  ";8 6x;2r 6y,2s 6z,1z 71,11 73,12 p,14 q,15 s,16 t;f 74;;8 76;1h 77,1g 78,f 4y;1h 79,1g 78,f 4y;z 7a,2t 7b;1h 7e," +
  "1g 78,f 4y;;;24 38,25 3e,26 3f;;f 7h;24 38,25 3e,26 3f;24 38,25 3e,26 3f;;;;;;30 7q,31 7s;13 2p;35 7u,f 2o;12 7v" +
  ",14 q,15 s,16 t;34 7w;2f 7y,2g 7z,f 80;;;1c 81;1a 84,22 85,f 87,23 x;2b 88,22 5d,23 x,f 10;2b 89,22 5d,23 x,f 10" +
  ";;24 38,25 3e,26 3f;;24 38,25 3e,26 3f;24 38,25 3e,26 3f;24 38,25 3e,26 3f;24 38,25 3e,26 3f;24 38,25 3e,26 3f;2" +
  "4 38,25 3e,26 3f;24 38,25 3e,26 3f;24 38,25 3e,26 3f;24 38,25 3e,26 3f;;;;;24 38,25 3e,26 3f;22 8d,23 x,f 10;;24" +
  " 38,25 3e,26 3f;24 38,25 3e,26 3f;2a 8h,11 8i,2b 8j,12 p,22 5d,14 q,23 x,f 10,15 s,16 t;1f 8k;;22 8l,23 x,f 10;;" +
  "12 51,14 q,15 s,16 t;36 8m,35 2n,f 2o;2a 8n,2b 8j,22 5d,23 x,f 10;;;24 38,25 3e,26 3f;;28 8s;22 8v,23 x,f 10;;;;" +
  ";;;f 8y;;e 90,t 91,f 44,v 92;k 98,q 9h;;;;;;;;;;f 9o;f 9p;f 9q;f 9r;2s 9t,1z 71,11 73,12 p,14 q,15 s,16 t;;y 9v;" +
  ";;;;;f a0;1k a1,1l a2;;1k a6,1l a2;;;;;20 a7;2j a9,2l aa,2k ab,f ac;2j ah,2l ai,2k ab,f ac;;22 aj,23 x,f 10;2w a" +
  "l;2w an;2w ao;;f aq;;2z ar;;;32 as;;;13 2p;;;;;2h ay;1u b0;;1e b2,1d b3;;1b b4,24 38,25 3e,26 3f;;;;;;22 ba,23 x" +
  ",f 10;22 bb,23 x,f 10;24 38,25 3e,26 3f;;22 bd,23 x,f 10;22 be,23 x,f 10;;;;2c bh;24 38,25 3e,26 3f;12 7v,14 q,1" +
  "5 s,16 t;;3i bm,3k bn,3j bo;f br;g bs,h 6m;;;22 bu,23 x,f 10;22 bv,23 x,f 10;24 38,25 3e,26 3f;;22 bx,23 x,f 10;" +
  ";b by,c bz,f c2;j c3;u c4;;f c6;;;;;;f cb;23 cc;x ch;;;x cm;;f co;;;;l cr;r ct;i cv,2k cw,2l cx;;1f cy;1f cz;1f " +
  "d0;1f d1;;;;1h d3,1g 78,f 4y;1h d4,1g 78,f 4y;1h d5,1g 78,f 4y;f d6;;1f d7;1v d8;;;;f dd;;11 df,12 p,14 q,15 s,1" +
  "6 t;21 dh,f di;;;;;;;;;;;2u dn,24 38,25 3e,26 3f;f dp;f dq;;e dr,f 44;f ds;e dt,f 44;;30 7q,31 7s;;11 dx,12 p,14" +
  " q,15 s,16 t;;;;2g dz,f 80;1p e0;;1r e4;22 e6,23 x,f 10;1i e7;f eb;;f ed;;f 66;;;24 38,25 3e,26 3f;24 38,25 3e,2" +
  "6 3f;22 ef,23 x,f 10;24 38,25 3e,26 3f;24 38,25 3e,26 3f;;;;2a eg,2b 8j,22 5d,23 x,f 10;;3i ei,3k bn,3j bo;;;3j " +
  "ek;;;f en;;;;24 38,25 3e,26 3f;24 38,25 3e,26 3f;22 eq,23 x,f 10;24 38,25 3e,26 3f;;;f et;f eu;;k 98,q 9h;v ev;;" +
  ";;1n ex,1o ey,22 ez,23 x,f 10;22 f0,23 x,f 10;;;;22 f2,23 x,f 10;23 f3;;;;;x f5;r f6;1p f7;;22 f8,23 x,f 10;2e f" +
  "9;;;;22 fb,23 x,f 10;;;;;;2e fg;;2n fh;;;;20 fm;1u fn;;;1m fq;22 fs,23 x,f 10;19 ft,18 59;f fu;;;1w fv,f fw;1x f" +
  "y;;;;;;;;;22 g4,23 x,f 10;;;j g6;;;;32 g8;;;;;;;;;1s ga;;24 38,25 3e,26 3f;;;;f ge;1f gf;11 gg,1e gh,12 p,1d b3," +
  "14 q,15 s,16 t;;;24 38,25 3e,26 3f;;;;1n gk,1o ey,22 ez,23 x,f 10;;;39 gm,f go,3a gq,3b gr;;;22 gt,23 x,f 10;24 " +
  "38,25 3e,26 3f;;c gu,f c2;;;;1n gv,1o ey,22 ez,23 x,f 10;;;1p gy,24 38,25 3e,26 3f;24 38,25 3e,26 3f;2f h0,2g 7z" +
  ",f 80;24 38,25 3e,26 3f;;z h2,2t 7b;;;x h3;24 38,25 3e,26 3f;n h5;l h6;24 38,25 3e,26 3f;;;;i h8,2k cw,2l cx;;2o" +
  " ha;;;f he;1w hf,f fw;11 hg,12 p,14 q,15 s,16 t;;f hh;f hi;1t hj;;24 38,25 3e,26 3f;;;1c hn;;21 hq,f di;;19 hr,1" +
  "8 59;;1y ht;;f hv;24 38,25 3e,26 3f;f hw;k 98,q 9h;e hx,f 44;;;1m hz,3h i0;22 i2,23 x,f 10;2b i3,22 5d,23 x,f 10" +
  ";;f i5;1b i6;;1i e7;;;;22 ic,23 x,f 10;;;3a ih,3b gr;;;3c ij,3e il,22 in,23 x,f 10;;24 38,25 3e,26 3f;;m ip;x ir" +
  ";1o is,22 ez,23 x,f 10;1q it;x iv;;;;m ix;;o iy;;;;11 j3,12 p,14 q,15 s,16 t;;;;;;1c j7;1x j8;;;;22 j9,23 x,f 10" +
  ";1n ja,1o ey,22 ez,23 x,f 10;19 jb,18 59;1v jc;f jd;22 jf,23 x,f 10;;;;;19 jj,18 59;;;j jk;;1t jl;1m jm;37 jn,38" +
  " jo,f jp;24 38,25 3e,26 3f;;;;1j jr,1l js;2a jv,2b 8j,22 5d,23 x,f 10;1b jw;1b jx;;3i jz,3k bn,3j bo;24 38,25 3e" +
  ",26 3f;;2b k1,22 5d,23 x,f 10;;;;1n k4,1o ey,22 ez,23 x,f 10;3f k5;3c k7,3e il,22 in,23 x,f 10;;;24 38,25 3e,26 " +
  "3f;;;;;;;;;;;;f kf;;;;;1g kj,f 4y;21 kk,f di;1n kl,1o ey,22 ez,23 x,f 10;1u km;;24 38,25 3e,26 3f;;;1m kp;;21 kr" +
  ",f di;24 38,25 3e,26 3f;;1n kt,1o ey,22 ez,23 x,f 10;;;k 98,q 9h;;1t kw;;;;;;1j kz;22 l0,23 x,f 10;;;1j l3;1j l4" +
  ";;;;1m l6;2b l7,22 5d,23 x,f 10;1n l8,1o ey,22 ez,23 x,f 10;3a l9,3b gr;;3g la;;;;;x lf;;;f lg;;p lh;p lm;p ln;2" +
  "p lo;;;;22 lr,23 x,f 10;22 ls,23 x,f 10;1t lt;22 lu,23 x,f 10;;22 lw,23 x,f 10;;1y ly;;;38 m0,f jp;;;24 38,25 3e" +
  ",26 3f;21 m2,f di;1b m3;;;22 m4,23 x,f 10;3a m5,3b gr;1m m6;3a m7,3b gr;;;;;;3d ma,3e mb,22 in,23 x,f 10;;2e md;" +
  ";;;;;;;2q mh;;1u mk;24 38,25 3e,26 3f;24 38,25 3e,26 3f;;24 38,25 3e,26 3f;;24 38,25 3e,26 3f;1u mm;;1w mn,f fw;" +
  ";39 mo,f go,3a gq,3b gr;;1j mq;24 38,25 3e,26 3f;;3a ms,3b gr;;;;3f mt;;;n mv;;;;;22 mw,23 x,f 10;;;22 my,23 x,f" +
  " 10;;1u n0;;;;3i n2,3k bn,3j bo;;;;w n3,o iy,q n4;24 38,25 3e,26 3f;;24 38,25 3e,26 3f;;1y n8;;;;;;;1x na;;1w nb" +
  ",f fw;;1u nc;1x nd;"
).split(";");

/** By rule: the symbol on its left, and the number of those on its right. */
export const RULES: readonly string[] = (
  "0 2;0 3;1 1;1 2;1 4;2 3;3 0;3 1;3 2;4 0;4 1;2 2;2 2;5 1;5 0;2 2;2 3;2 5;2 2;6 6;7 1;8 0;8 3;9 1;9 0;a 5;a 2;b 0;" +
  "b 1;b 3;c 2;c 2;c 1;d 4;d 2;e 2;f 1;f 1;g 0;g 1;g 4;g 6;h 1;h 2;i 1;i 1;j 2;j 0;k 2;k 2;k 4;k 3;k 2;k 2;k 3;k 5;" +
  "k 2;k 4;k 4;k 1;k 2;k 4;k 2;l 3;l 4;m 0;m 1;n 0;n 2;o 2;o 3;o 3;o 3;p 2;p 2;p 1;p 1;p 2;q 3;q 2;r 0;r 2;r 2;s 0;" +
  "s 2;t 3;t 1;u 1;u 0;v 2;v 7;v 5;v 5;v a;w 0;w 1;x 0;x 3;y 0;y 2;z 1;z 1;z 1;2 4;2 4;10 2;10 0;2 9;2 1;11 3;11 4;" +
  "11 1;12 1;12 3;13 1;13 2;13 1;14 9;14 a;14 1;15 4;14 1;16 5;16 5;17 1;17 1;17 0;18 2;18 0;19 2;1a 2;1a 1;1a 3;1b" +
  " 2;1b 1;1b 0;1c 0;1c 2;1d 2;1d 0;1e 5;1e 6;1e 8;1e 6;1e 6;1f 0;1f 2;1g 1;1g 3;1h 1;1h 3;1i 1;1i 1;1i 2;1i 3;1i 4" +
  ";1j 2;1j 4;1j 0;1k 0;1k 1;1l 3;1l 2;1m 0;1m 3;1n 3;1n 1;1o 3;1p 1;1p 1;1p 0;1q 2;1q 2;1q 0;1r 0;1r 3;1s 0;1s 2;1" +
  "t 0;1t 2;1t 4;1t 4;2 8;1u 0;1u 2;1v 0;1v 2;1v 2;1v 4;2 b;1w 5;1w 7;1w 3;1w 5;2 7;2 8;1x 0;1x 2;1x c;1x 9;1x 5;1x" +
  " 8;1y 2;1y 0;1z 2;1z 1;20 0;20 3;21 3;21 1;22 1;22 3;22 1;22 3;22 5;23 1;23 1;23 1;23 1;23 1;22 1;22 3;22 6;22 5" +
  ";22 8;22 4;22 c;22 6;22 9;22 5;22 d;22 5;22 3;22 3;22 3;22 3;22 3;22 3;22 3;22 3;24 1;24 2;22 3;22 5;22 2;22 2;2" +
  "2 3;22 3;22 4;22 6;22 5;22 2;22 2;22 2;22 3;25 1;25 2;22 5;26 1;26 2;22 5;22 3;22 5;22 5;22 4;22 5;27 5;27 4;28 " +
  "2;28 0;29 1;29 0;2a 1;2a 0;2b 3;2b 1;2c 0;2c 3;2 c;2d 1;2d 0;2e 0;2e 3;2f 3;2f 1;2g 3;2h 0;2h 2;2 4;2 2;2 3;2i 2" +
  ";2i 0;2 3;2 5;2 6;2 5;2 6;2j 1;2j 1;2j 1;2k 2;2k 1;2l 2;2 5;2m b;2n 1;2n 2;2n 0;2o 1;2o 1;2o 3;2p 0;2p 3;2q 0;2q" +
  " 2;2r 3;2r 2;2s 7;2s 6;2s 4;2s 1;22 4;22 6;2t 1;2t 1;2t 1;2 4;2 6;2 3;2u 0;2u 2;2v 1;2v 0;2 1;2 3;2 1;2 3;2 6;2 " +
  "7;2 6;2 8;2 9;2w 0;2w 1;2 8;2 4;2 1;2 4;2x 8;2y 1;2y 3;2z 0;2z 2;30 1;30 3;31 1;32 0;32 4;32 2;33 0;33 2;33 3;34" +
  " 1;34 2;34 3;35 6;36 1;36 3;37 1;37 3;38 5;39 5;39 6;39 4;39 5;39 1;39 2;3a 0;3a 3;3a 6;3b 1;3c 1;3c 2;3d 1;3d 2" +
  ";3e 2;3e 2;3f 0;3f 2;3g 2;3g 2;3g 1;3h 2;3i 2;3i 1;3i 1;3j 4;3j 2;3k 5"
).split(";");

export const START = 0;

const is = <T>(value: T): T => value;

/** By rule; null for one that passes on the value of its only symbol. */
export const REDUCE: readonly (Reduce | null)[] = [
  // 0: input ::= statement SEMI
  (v, b) => is<Parsed>((v[b] as Statement)),
  // 1: input ::= EXPRESSION expr SEMI
  (v, b) => is<Parsed>((v[b + 1] as Expression)),
  // 2: statement ::= command
  null,
  // 3: statement ::= EXPLAIN command
  (v, b, at) => is<Statement>({ kind: "explain", ...at, queryPlan: false, statement: (v[b + 1] as Statement) }),
  // 4: statement ::= EXPLAIN QUERY PLAN command
  (v, b, at) => is<Statement>({ kind: "explain", ...at, queryPlan: true, statement: (v[b + 3] as Statement) }),
  // 5: command ::= BEGIN begin_mode transaction_opt
  (v, b, at) => is<Statement>({ kind: "begin", ...at, mode: (v[b + 1] as BeginMode) }),
  // 6: transaction_opt ::=
  () => is<null>(null),
  // 7: transaction_opt ::= TRANSACTION
  () => is<null>(null),
  // 8: transaction_opt ::= TRANSACTION nm
  () => is<null>(null),
  // 9: begin_mode ::=
  () => is<BeginMode>(null),
  // 10: begin_mode ::= DEFERRED|IMMEDIATE|EXCLUSIVE|READONLY
  (v, b) => is<BeginMode>(word((v[b] as Token))),
  // 11: command ::= COMMIT|END transaction_opt
  (_v, _b, at) => is<Statement>({ kind: "commit", ...at }),
  // 12: command ::= ROLLBACK transaction_opt
  (_v, _b, at) => is<Statement>({ kind: "rollback", ...at, savepoint: null }),
  // 13: savepoint_opt ::= SAVEPOINT
  () => is<null>(null),
  // 14: savepoint_opt ::=
  () => is<null>(null),
  // 15: command ::= SAVEPOINT nm
  (v, b, at) => is<Statement>({ kind: "savepoint", ...at, name: (v[b + 1] as Name) }),
  // 16: command ::= RELEASE savepoint_opt nm
  (v, b, at) => is<Statement>({ kind: "release", ...at, name: (v[b + 2] as Name) }),
  // 17: command ::= ROLLBACK transaction_opt TO savepoint_opt nm
  (v, b, at) => is<Statement>({ kind: "rollback", ...at, savepoint: (v[b + 4] as Name) }),
  // 18: command ::= create_table create_table_args
  (v, b, at) => is<Statement>({ ...(v[b] as CreateTableHead), ...at, content: (v[b + 1] as CreateTable["content"]) }),
  // 19: create_table ::= createkw temp TABLE ifnotexists nm dbnm
  (v, b, at) => is<CreateTableHead>({ kind: "createTable", ...at, temporary: (v[b + 1] as boolean), ifNotExists: (v[b + 3] as boolean), table: qualified((v[b + 4] as Name), (v[b + 5] as Name | null)) }),
  // 20: createkw ::= CREATE
  () => is<null>(null),
  // 21: ifnotexists ::=
  () => is<boolean>(false),
  // 22: ifnotexists ::= IF NOT EXISTS
  () => is<boolean>(true),
  // 23: temp ::= TEMP
  () => is<boolean>(true),
  // 24: temp ::=
  () => is<boolean>(false),
  // 25: create_table_args ::= LP column_list table_constraints_opt RP table_options
  (v, b) => is<CreateTable["content"]>({ kind: "columns", columns: (v[b + 1] as ColumnDefinition[]), constraints: (v[b + 2] as TableConstraint[]), options: (v[b + 4] as TableOption[]) }),
  // 26: create_table_args ::= AS select
  (v, b) => is<CreateTable["content"]>({ kind: "as", select: (v[b + 1] as Select) }),
  // 27: table_options ::=
  () => is<TableOption[]>([]),
  // 28: table_options ::= table_option
  (v, b) => is<TableOption[]>([(v[b] as TableOption)]),
  // 29: table_options ::= table_options COMMA table_option
  (v, b) => is<TableOption[]>([...(v[b] as TableOption[]), (v[b + 2] as TableOption)]),
  // 30: table_option ::= WITHOUT nm
  (v, b) => is<TableOption>(tableOption("WITHOUT", (v[b + 1] as Name))),
  // 31: table_option ::= RANDOM nm
  (v, b) => is<TableOption>(tableOption("RANDOM", (v[b + 1] as Name))),
  // 32: table_option ::= nm
  (v, b) => is<TableOption>(tableOption("", (v[b] as Name))),
  // 33: column_list ::= column_list COMMA column_name column_constraints
  (v, b) => is<ColumnDefinition[]>(append((v[b] as ColumnDefinition[]), columnDefinition((v[b + 2] as ColumnHead), (v[b + 3] as ColumnConstraint[])))),
  // 34: column_list ::= column_name column_constraints
  (v, b) => is<ColumnDefinition[]>([columnDefinition((v[b] as ColumnHead), (v[b + 1] as ColumnConstraint[]))]),
  // 35: column_name ::= nm type_opt
  (v, b, at) => is<ColumnHead>({ ...at, name: (v[b] as Name), type: declaredType((v[b + 1] as TypeName | null)) }),
  // 36: nm ::= ID|INDEXED|JOIN_KW
  (v, b) => is<Name>(nameOf((v[b] as Token))),
  // 37: nm ::= STRING
  (v, b) => is<Name>(nameOf((v[b] as Token))),
  // 38: type_opt ::=
  () => is<TypeName | null>(null),
  // 39: type_opt ::= type_words
  (v, b, at, text) => is<TypeName | null>(typeName(at, text, (v[b] as Span), [])),
  // 40: type_opt ::= type_words LP signed RP
  (v, b, at, text) => is<TypeName | null>(typeName(at, text, (v[b] as Span), [(v[b + 2] as string)])),
  // 41: type_opt ::= type_words LP signed COMMA signed RP
  (v, b, at, text) => is<TypeName | null>(typeName(at, text, (v[b] as Span), [(v[b + 2] as string), (v[b + 4] as string)])),
  // 42: type_words ::= ID|STRING
  (_v, _b, at) => is<Span>(at),
  // 43: type_words ::= type_words ID|STRING
  (_v, _b, at) => is<Span>(at),
  // 44: signed ::= plus_num
  null,
  // 45: signed ::= minus_num
  null,
  // 46: column_constraints ::= column_constraints column_constraint
  (v, b) => is<ColumnConstraint[]>(append((v[b] as ColumnConstraint[]), (v[b + 1] as ColumnConstraint))),
  // 47: column_constraints ::=
  () => is<ColumnConstraint[]>([]),
  // 48: column_constraint ::= CONSTRAINT nm
  (v, b, at) => is<ColumnConstraint>({ kind: "constraint", ...at, name: (v[b + 1] as Name) }),
  // 49: column_constraint ::= DEFAULT term
  (v, b, at) => is<ColumnConstraint>({ kind: "default", ...at, value: (v[b + 1] as Expression), form: "constant" }),
  // 50: column_constraint ::= DEFAULT LP expr RP
  (v, b, at) => is<ColumnConstraint>({ kind: "default", ...at, value: (v[b + 2] as Expression), form: "expression" }),
  // 51: column_constraint ::= DEFAULT PLUS|MINUS term
  (v, b, at) => is<ColumnConstraint>({ kind: "default", ...at, value: signedConstant((v[b + 1] as Token), (v[b + 2] as Expression)), form: "constant" }),
  // 52: column_constraint ::= DEFAULT ID|INDEXED
  (v, b, at) => is<ColumnConstraint>({ kind: "default", ...at, value: columnOf((v[b + 1] as Token), null, null, nameOf((v[b + 1] as Token))), form: "word" }),
  // 53: column_constraint ::= NULL on_conflict
  (v, b, at) => is<ColumnConstraint>({ kind: "null", ...at, conflict: (v[b + 1] as ConflictAction | null) }),
  // 54: column_constraint ::= NOT NULL on_conflict
  (v, b, at) => is<ColumnConstraint>({ kind: "notNull", ...at, conflict: (v[b + 2] as ConflictAction | null) }),
  // 55: column_constraint ::= PRIMARY KEY sort_order on_conflict autoincrement
  (v, b, at) => is<ColumnConstraint>({ kind: "primaryKey", ...at, direction: (v[b + 2] as OrderTerm["direction"]), conflict: (v[b + 3] as ConflictAction | null), autoincrement: (v[b + 4] as boolean) }),
  // 56: column_constraint ::= UNIQUE on_conflict
  (v, b, at) => is<ColumnConstraint>({ kind: "unique", ...at, conflict: (v[b + 1] as ConflictAction | null) }),
  // 57: column_constraint ::= CHECK LP expr RP
  (v, b, at) => is<ColumnConstraint>({ kind: "check", ...at, expression: (v[b + 2] as Expression) }),
  // 58: column_constraint ::= REFERENCES nm named_columns_opt reference_args
  (v, b, at) => is<ColumnConstraint>({ kind: "references", ...at, table: (v[b + 1] as Name), columns: (v[b + 2] as NamedColumn[] | null), args: (v[b + 3] as ReferenceArg[]) }),
  // 59: column_constraint ::= deferral
  (v, b, at) => is<ColumnConstraint>({ ...(v[b] as Deferral), ...at }),
  // 60: column_constraint ::= COLLATE ID|STRING
  (v, b, at) => is<ColumnConstraint>({ kind: "collate", ...at, collation: nameOf((v[b + 1] as Token)) }),
  // 61: column_constraint ::= GENERATED ALWAYS AS generated
  (v, b, at) => is<ColumnConstraint>({ ...(v[b + 3] as Omit<Extract<ColumnConstraint, { kind: "generated" }>, "start" | "end">), ...at }),
  // 62: column_constraint ::= AS generated
  (v, b, at) => is<ColumnConstraint>({ ...(v[b + 1] as Omit<Extract<ColumnConstraint, { kind: "generated" }>, "start" | "end">), ...at }),
  // 63: generated ::= LP expr RP
  (v, b) => is<Omit<Extract<ColumnConstraint, { kind: "generated" }>, "start" | "end">>({ kind: "generated", expression: (v[b + 1] as Expression), storage: null }),
  // 64: generated ::= LP expr RP ID
  (v, b) => is<Omit<Extract<ColumnConstraint, { kind: "generated" }>, "start" | "end">>({ kind: "generated", expression: (v[b + 1] as Expression), storage: storageOf((v[b + 3] as Token)) }),
  // 65: autoincrement ::=
  () => is<boolean>(false),
  // 66: autoincrement ::= AUTOINCR
  () => is<boolean>(true),
  // 67: reference_args ::=
  () => is<ReferenceArg[]>([]),
  // 68: reference_args ::= reference_args reference_arg
  (v, b) => is<ReferenceArg[]>(append((v[b] as ReferenceArg[]), (v[b + 1] as ReferenceArg))),
  // 69: reference_arg ::= MATCH nm
  (v, b) => is<ReferenceArg>({ kind: "match", name: (v[b + 1] as Name) }),
  // 70: reference_arg ::= ON INSERT reference_action
  (v, b) => is<ReferenceArg>({ kind: "on", event: "INSERT", action: (v[b + 2] as Extract<ReferenceArg, { kind: "on" }>["action"]) }),
  // 71: reference_arg ::= ON DELETE reference_action
  (v, b) => is<ReferenceArg>({ kind: "on", event: "DELETE", action: (v[b + 2] as Extract<ReferenceArg, { kind: "on" }>["action"]) }),
  // 72: reference_arg ::= ON UPDATE reference_action
  (v, b) => is<ReferenceArg>({ kind: "on", event: "UPDATE", action: (v[b + 2] as Extract<ReferenceArg, { kind: "on" }>["action"]) }),
  // 73: reference_action ::= SET NULL
  () => is<Extract<ReferenceArg, { kind: "on" }>["action"]>("SET NULL"),
  // 74: reference_action ::= SET DEFAULT
  () => is<Extract<ReferenceArg, { kind: "on" }>["action"]>("SET DEFAULT"),
  // 75: reference_action ::= CASCADE
  () => is<Extract<ReferenceArg, { kind: "on" }>["action"]>("CASCADE"),
  // 76: reference_action ::= RESTRICT
  () => is<Extract<ReferenceArg, { kind: "on" }>["action"]>("RESTRICT"),
  // 77: reference_action ::= NO ACTION
  () => is<Extract<ReferenceArg, { kind: "on" }>["action"]>("NO ACTION"),
  // 78: deferral ::= NOT DEFERRABLE initially
  (v, b) => is<Deferral>({ kind: "deferral", not: true, initially: (v[b + 2] as Deferral["initially"]) }),
  // 79: deferral ::= DEFERRABLE initially
  (v, b) => is<Deferral>({ kind: "deferral", not: false, initially: (v[b + 1] as Deferral["initially"]) }),
  // 80: initially ::=
  () => is<Deferral["initially"]>(null),
  // 81: initially ::= INITIALLY DEFERRED
  () => is<Deferral["initially"]>("DEFERRED"),
  // 82: initially ::= INITIALLY IMMEDIATE
  () => is<Deferral["initially"]>("IMMEDIATE"),
  // 83: table_constraints_opt ::=
  () => is<TableConstraint[]>([]),
  // 84: table_constraints_opt ::= COMMA table_constraints
  (v, b) => is<TableConstraint[]>((v[b + 1] as TableConstraint[])),
  // 85: table_constraints ::= table_constraints comma_opt table_constraint
  (v, b) => is<TableConstraint[]>(append((v[b] as TableConstraint[]), (v[b + 2] as TableConstraint))),
  // 86: table_constraints ::= table_constraint
  (v, b) => is<TableConstraint[]>([(v[b] as TableConstraint)]),
  // 87: comma_opt ::= COMMA
  () => is<null>(null),
  // 88: comma_opt ::=
  () => is<null>(null),
  // 89: table_constraint ::= CONSTRAINT nm
  (v, b, at) => is<TableConstraint>({ kind: "constraint", ...at, name: (v[b + 1] as Name) }),
  // 90: table_constraint ::= PRIMARY KEY LP order_terms autoincrement RP on_conflict
  (v, b, at) => is<TableConstraint>({ kind: "primaryKey", ...at, terms: (v[b + 3] as OrderTerm[]), autoincrement: (v[b + 4] as boolean), conflict: (v[b + 6] as ConflictAction | null) }),
  // 91: table_constraint ::= UNIQUE LP order_terms RP on_conflict
  (v, b, at) => is<TableConstraint>({ kind: "unique", ...at, terms: (v[b + 2] as OrderTerm[]), conflict: (v[b + 4] as ConflictAction | null) }),
  // 92: table_constraint ::= CHECK LP expr RP on_conflict
  (v, b, at) => is<TableConstraint>({ kind: "check", ...at, expression: (v[b + 2] as Expression), conflict: (v[b + 4] as ConflictAction | null) }),
  // 93: table_constraint ::= FOREIGN KEY LP named_columns RP REFERENCES nm named_columns_opt reference_args deferral_opt
  (v, b, at) => is<TableConstraint>({ kind: "foreignKey", ...at, columns: (v[b + 3] as NamedColumn[]), references: { table: (v[b + 6] as Name), columns: (v[b + 7] as NamedColumn[] | null), args: (v[b + 8] as ReferenceArg[]) }, deferral: (v[b + 9] as Deferral | null) }),
  // 94: deferral_opt ::=
  () => is<Deferral | null>(null),
  // 95: deferral_opt ::= deferral
  (v, b) => is<Deferral | null>(v[b] as Deferral),
  // 96: on_conflict ::=
  () => is<ConflictAction | null>(null),
  // 97: on_conflict ::= ON CONFLICT conflict_action
  (v, b) => is<ConflictAction | null>((v[b + 2] as ConflictAction)),
  // 98: or_conflict ::=
  () => is<ConflictAction | null>(null),
  // 99: or_conflict ::= OR conflict_action
  (v, b) => is<ConflictAction | null>((v[b + 1] as ConflictAction)),
  // 100: conflict_action ::= raise_action
  (v, b) => is<ConflictAction>(v[b] as "ROLLBACK" | "ABORT" | "FAIL"),
  // 101: conflict_action ::= IGNORE
  () => is<ConflictAction>("IGNORE"),
  // 102: conflict_action ::= REPLACE
  () => is<ConflictAction>("REPLACE"),
  // 103: command ::= DROP TABLE ifexists fullname
  (v, b, at) => is<Statement>({ kind: "drop", ...at, what: "TABLE", ifExists: (v[b + 2] as boolean), name: (v[b + 3] as QualifiedName) }),
  // 104: command ::= DROP VIEW ifexists fullname
  (v, b, at) => is<Statement>({ kind: "drop", ...at, what: "VIEW", ifExists: (v[b + 2] as boolean), name: (v[b + 3] as QualifiedName) }),
  // 105: ifexists ::= IF EXISTS
  () => is<boolean>(true),
  // 106: ifexists ::=
  () => is<boolean>(false),
  // 107: command ::= createkw temp VIEW ifnotexists nm dbnm named_columns_opt AS select
  (v, b, at) => is<Statement>({ kind: "createView", ...at, temporary: (v[b + 1] as boolean), ifNotExists: (v[b + 3] as boolean), view: qualified((v[b + 4] as Name), (v[b + 5] as Name | null)), columns: (v[b + 6] as NamedColumn[] | null), select: (v[b + 8] as Select) }),
  // 108: command ::= select
  (v, b) => is<Statement>((v[b] as Select)),
  // 109: select ::= WITH common_tables select_no_with
  (v, b, at) => is<Select>({ ...(v[b + 2] as Select), ...at, with: { recursive: false, tables: (v[b + 1] as CommonTable[]) } }),
  // 110: select ::= WITH RECURSIVE common_tables select_no_with
  (v, b, at) => is<Select>({ ...(v[b + 3] as Select), ...at, with: { recursive: true, tables: (v[b + 2] as CommonTable[]) } }),
  // 111: select ::= select_no_with
  null,
  // 112: select_no_with ::= one_select
  null,
  // 113: select_no_with ::= select_no_with compound_operator one_select
  (v, b, at) => is<Select>(compound(at, (v[b] as Select), (v[b + 1] as Compound["operator"]), (v[b + 2] as Select))),
  // 114: compound_operator ::= UNION
  () => is<Compound["operator"]>("UNION"),
  // 115: compound_operator ::= UNION ALL
  () => is<Compound["operator"]>("UNION ALL"),
  // 116: compound_operator ::= EXCEPT|INTERSECT
  (v, b) => is<Compound["operator"]>(word((v[b] as Token))),
  // 117: one_select ::= SELECT distinct result_columns from_opt where_opt group_by_opt having_opt order_by_opt limit_opt
  (v, b, at) => is<Select>(selectOf(at, { distinct: (v[b + 1] as Quantifier | null), columns: (v[b + 2] as ResultColumn[]), from: (v[b + 3] as From | null), where: (v[b + 4] as Expression | null), groupBy: (v[b + 5] as Expression[]), having: (v[b + 6] as Expression | null), windows: [] }, (v[b + 7] as OrderTerm[]), (v[b + 8] as Limit | null))),
  // 118: one_select ::= SELECT distinct result_columns from_opt where_opt group_by_opt having_opt window_clause order_by_opt limit_opt
  (v, b, at) => is<Select>(selectOf(at, { distinct: (v[b + 1] as Quantifier | null), columns: (v[b + 2] as ResultColumn[]), from: (v[b + 3] as From | null), where: (v[b + 4] as Expression | null), groupBy: (v[b + 5] as Expression[]), having: (v[b + 6] as Expression | null), windows: (v[b + 7] as NamedWindow[]) }, (v[b + 8] as OrderTerm[]), (v[b + 9] as Limit | null))),
  // 119: one_select ::= values
  (v, b, at) => is<Select>(valuesOf(at, (v[b] as Expression[][]))),
  // 120: values ::= VALUES LP expressions RP
  (v, b) => is<Expression[][]>([(v[b + 2] as Expression[])]),
  // 121: one_select ::= more_values
  (v, b, at) => is<Select>(valuesOf(at, (v[b] as Expression[][]))),
  // 122: more_values ::= values COMMA LP expressions RP
  (v, b) => is<Expression[][]>(append((v[b] as Expression[][]), (v[b + 3] as Expression[]))),
  // 123: more_values ::= more_values COMMA LP expressions RP
  (v, b) => is<Expression[][]>(append((v[b] as Expression[][]), (v[b + 3] as Expression[]))),
  // 124: distinct ::= DISTINCT
  () => is<Quantifier | null>("DISTINCT"),
  // 125: distinct ::= ALL
  () => is<Quantifier | null>("ALL"),
  // 126: distinct ::=
  () => is<Quantifier | null>(null),
  // 127: result_columns_comma ::= result_columns COMMA
  (v, b) => is<ResultColumn[]>((v[b] as ResultColumn[])),
  // 128: result_columns_comma ::=
  () => is<ResultColumn[]>([]),
  // 129: result_columns ::= result_columns_comma result_column
  (v, b) => is<ResultColumn[]>(append((v[b] as ResultColumn[]), (v[b + 1] as ResultColumn))),
  // 130: result_column ::= expr as
  (v, b, at) => is<ResultColumn>({ kind: "result", ...at, expression: (v[b] as Expression), alias: (v[b + 1] as Name | null) }),
  // 131: result_column ::= STAR
  (_v, _b, at) => is<ResultColumn>({ kind: "all", ...at }),
  // 132: result_column ::= nm DOT STAR
  (v, b, at) => is<ResultColumn>({ kind: "allOf", ...at, table: (v[b] as Name) }),
  // 133: as ::= AS nm
  (v, b) => is<Name | null>((v[b + 1] as Name)),
  // 134: as ::= ID|STRING
  (v, b) => is<Name | null>(nameOf((v[b] as Token))),
  // 135: as ::=
  () => is<Name | null>(null),
  // 136: from_opt ::=
  () => is<From | null>(null),
  // 137: from_opt ::= FROM table_list
  (v, b) => is<From | null>((v[b + 1] as From)),
  // 138: table_prefix ::= table_list join_operator
  (v, b) => is<JoinPrefix | null>({ left: (v[b] as From), join: (v[b + 1] as JoinKind) }),
  // 139: table_prefix ::=
  () => is<JoinPrefix | null>(null),
  // 140: table_list ::= table_prefix nm dbnm as on_using
  (v, b, at) => is<From>(joined(at, (v[b] as JoinPrefix | null), { kind: "table", ...spanOf((v[b + 1] as Name), (v[b + 2] as Name | null), (v[b + 3] as Name | null)), table: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)), alias: (v[b + 3] as Name | null), indexed: null }, (v[b + 4] as OnUsing | null))),
  // 141: table_list ::= table_prefix nm dbnm as indexed_by on_using
  (v, b, at) => is<From>(joined(at, (v[b] as JoinPrefix | null), { kind: "table", ...spanOf((v[b + 1] as Name), (v[b + 2] as Name | null), (v[b + 3] as Name | null)), table: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)), alias: (v[b + 3] as Name | null), indexed: (v[b + 4] as Indexed) }, (v[b + 5] as OnUsing | null))),
  // 142: table_list ::= table_prefix nm dbnm LP expressions_opt RP as on_using
  (v, b, at) => is<From>(joined(at, (v[b] as JoinPrefix | null), { kind: "function", ...spanOf((v[b + 1] as Name), (v[b + 5] as Token), (v[b + 6] as Name | null)), table: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)), args: (v[b + 4] as Expression[]), alias: (v[b + 6] as Name | null) }, (v[b + 7] as OnUsing | null))),
  // 143: table_list ::= table_prefix LP select RP as on_using
  (v, b, at) => is<From>(joined(at, (v[b] as JoinPrefix | null), { kind: "derived", ...spanOf((v[b + 1] as Token), (v[b + 3] as Token), (v[b + 4] as Name | null)), select: (v[b + 2] as Select), alias: (v[b + 4] as Name | null) }, (v[b + 5] as OnUsing | null))),
  // 144: table_list ::= table_prefix LP table_list RP as on_using
  (v, b, at) => is<From>(joined(at, (v[b] as JoinPrefix | null), { kind: "group", ...spanOf((v[b + 1] as Token), (v[b + 3] as Token), (v[b + 4] as Name | null)), from: (v[b + 2] as From), alias: (v[b + 4] as Name | null) }, (v[b + 5] as OnUsing | null))),
  // 145: dbnm ::=
  () => is<Name | null>(null),
  // 146: dbnm ::= DOT nm
  (v, b) => is<Name | null>((v[b + 1] as Name)),
  // 147: fullname ::= nm
  (v, b) => is<QualifiedName>(qualified((v[b] as Name), null)),
  // 148: fullname ::= nm DOT nm
  (v, b) => is<QualifiedName>(qualified((v[b] as Name), (v[b + 2] as Name))),
  // 149: target ::= fullname
  (v, b, at) => is<WriteTarget>({ ...at, table: (v[b] as QualifiedName), alias: null }),
  // 150: target ::= fullname AS nm
  (v, b, at) => is<WriteTarget>({ ...at, table: (v[b] as QualifiedName), alias: (v[b + 2] as Name) }),
  // 151: join_operator ::= COMMA
  () => is<JoinKind>(COMMA_JOIN),
  // 152: join_operator ::= JOIN
  () => is<JoinKind>(INNER_JOIN),
  // 153: join_operator ::= JOIN_KW JOIN
  (v, b) => is<JoinKind>(joinKind((v[b] as Token), [])),
  // 154: join_operator ::= JOIN_KW nm JOIN
  (v, b) => is<JoinKind>(joinKind((v[b] as Token), [(v[b + 1] as Name)])),
  // 155: join_operator ::= JOIN_KW nm nm JOIN
  (v, b) => is<JoinKind>(joinKind((v[b] as Token), [(v[b + 1] as Name), (v[b + 2] as Name)])),
  // 156: on_using ::= ON expr
  (v, b, at) => is<OnUsing | null>({ ...at, on: (v[b + 1] as Expression), using: null }),
  // 157: on_using ::= USING LP names RP
  (v, b, at) => is<OnUsing | null>({ ...at, on: null, using: (v[b + 2] as Name[]) }),
  // 158: on_using ::=
  () => is<OnUsing | null>(null),
  // 159: indexed_opt ::=
  () => is<Indexed | null>(null),
  // 160: indexed_opt ::= indexed_by
  (v, b) => is<Indexed | null>(v[b] as Indexed),
  // 161: indexed_by ::= INDEXED BY nm
  (v, b) => is<Indexed>({ by: (v[b + 2] as Name) }),
  // 162: indexed_by ::= NOT INDEXED
  () => is<Indexed>("NOT INDEXED"),
  // 163: order_by_opt ::=
  () => is<OrderTerm[]>([]),
  // 164: order_by_opt ::= ORDER BY order_terms
  (v, b) => is<OrderTerm[]>((v[b + 2] as OrderTerm[])),
  // 165: order_terms ::= order_terms COMMA order_term
  (v, b) => is<OrderTerm[]>(append((v[b] as OrderTerm[]), (v[b + 2] as OrderTerm))),
  // 166: order_terms ::= order_term
  (v, b) => is<OrderTerm[]>([(v[b] as OrderTerm)]),
  // 167: order_term ::= expr sort_order nulls
  (v, b, at) => is<OrderTerm>({ ...at, expression: (v[b] as Expression), direction: (v[b + 1] as OrderTerm["direction"]), nulls: (v[b + 2] as OrderTerm["nulls"]) }),
  // 168: sort_order ::= ASC
  () => is<OrderTerm["direction"]>("ASC"),
  // 169: sort_order ::= DESC
  () => is<OrderTerm["direction"]>("DESC"),
  // 170: sort_order ::=
  () => is<OrderTerm["direction"]>(null),
  // 171: nulls ::= NULLS FIRST
  () => is<OrderTerm["nulls"]>("FIRST"),
  // 172: nulls ::= NULLS LAST
  () => is<OrderTerm["nulls"]>("LAST"),
  // 173: nulls ::=
  () => is<OrderTerm["nulls"]>(null),
  // 174: group_by_opt ::=
  () => is<Expression[]>([]),
  // 175: group_by_opt ::= GROUP BY expressions
  (v, b) => is<Expression[]>((v[b + 2] as Expression[])),
  // 176: having_opt ::=
  () => is<Expression | null>(null),
  // 177: having_opt ::= HAVING expr
  (v, b) => is<Expression | null>((v[b + 1] as Expression)),
  // 178: limit_opt ::=
  () => is<Limit | null>(null),
  // 179: limit_opt ::= LIMIT expr
  (v, b) => is<Limit | null>({ count: (v[b + 1] as Expression), offset: null }),
  // 180: limit_opt ::= LIMIT expr OFFSET expr
  (v, b) => is<Limit | null>({ count: (v[b + 1] as Expression), offset: (v[b + 3] as Expression) }),
  // 181: limit_opt ::= LIMIT expr COMMA expr
  (v, b) => is<Limit | null>({ count: (v[b + 3] as Expression), offset: (v[b + 1] as Expression) }),
  // 182: command ::= with DELETE FROM target indexed_opt where_returning order_by_opt limit_opt
  (v, b, at) => is<Statement>({ kind: "delete", ...at, with: (v[b] as With | null), target: (v[b + 3] as WriteTarget), indexed: (v[b + 4] as Indexed | null), ...(v[b + 5] as WhereReturning), orderBy: (v[b + 6] as OrderTerm[]), limit: (v[b + 7] as Limit | null) }),
  // 183: where_opt ::=
  () => is<Expression | null>(null),
  // 184: where_opt ::= WHERE expr
  (v, b) => is<Expression | null>((v[b + 1] as Expression)),
  // 185: where_returning ::=
  () => is<WhereReturning>({ where: null, returning: null }),
  // 186: where_returning ::= WHERE expr
  (v, b) => is<WhereReturning>({ where: (v[b + 1] as Expression), returning: null }),
  // 187: where_returning ::= RETURNING result_columns
  (v, b) => is<WhereReturning>({ where: null, returning: (v[b + 1] as ResultColumn[]) }),
  // 188: where_returning ::= WHERE expr RETURNING result_columns
  (v, b) => is<WhereReturning>({ where: (v[b + 1] as Expression), returning: (v[b + 3] as ResultColumn[]) }),
  // 189: command ::= with UPDATE or_conflict target indexed_opt SET assignments from_opt where_returning order_by_opt limit_opt
  (v, b, at) => is<Statement>({ kind: "update", ...at, with: (v[b] as With | null), or: (v[b + 2] as ConflictAction | null), target: (v[b + 3] as WriteTarget), indexed: (v[b + 4] as Indexed | null), set: (v[b + 6] as Assignment[]), from: (v[b + 7] as From | null), ...(v[b + 8] as WhereReturning), orderBy: (v[b + 9] as OrderTerm[]), limit: (v[b + 10] as Limit | null) }),
  // 190: assignments ::= assignments COMMA nm EQ expr
  (v, b) => is<Assignment[]>(append((v[b] as Assignment[]), { columns: [(v[b + 2] as Name)], isRow: false, value: (v[b + 4] as Expression) })),
  // 191: assignments ::= assignments COMMA LP names RP EQ expr
  (v, b) => is<Assignment[]>(append((v[b] as Assignment[]), { columns: (v[b + 3] as Name[]), isRow: true, value: (v[b + 6] as Expression) })),
  // 192: assignments ::= nm EQ expr
  (v, b) => is<Assignment[]>([{ columns: [(v[b] as Name)], isRow: false, value: (v[b + 2] as Expression) }]),
  // 193: assignments ::= LP names RP EQ expr
  (v, b) => is<Assignment[]>([{ columns: (v[b + 1] as Name[]), isRow: true, value: (v[b + 4] as Expression) }]),
  // 194: command ::= with insert_verb INTO target names_opt select upsert
  (v, b, at) => is<Statement>({ kind: "insert", ...at, with: (v[b] as With | null), ...(v[b + 1] as InsertVerb), target: (v[b + 3] as WriteTarget), columns: (v[b + 4] as Name[] | null), source: (v[b + 5] as Select), ...(v[b + 6] as UpsertReturning) }),
  // 195: command ::= with insert_verb INTO target names_opt DEFAULT VALUES returning
  (v, b, at) => is<Statement>({ kind: "insert", ...at, with: (v[b] as With | null), ...(v[b + 1] as InsertVerb), target: (v[b + 3] as WriteTarget), columns: (v[b + 4] as Name[] | null), source: null, upserts: [], returning: (v[b + 7] as ResultColumn[] | null) }),
  // 196: upsert ::=
  () => is<UpsertReturning>({ upserts: [], returning: null }),
  // 197: upsert ::= RETURNING result_columns
  (v, b) => is<UpsertReturning>({ upserts: [], returning: (v[b + 1] as ResultColumn[]) }),
  // 198: upsert ::= ON CONFLICT LP order_terms RP where_opt DO UPDATE SET assignments where_opt upsert
  (v, b) => is<UpsertReturning>(upsertBefore({ target: (v[b + 3] as OrderTerm[]), targetWhere: (v[b + 5] as Expression | null), set: (v[b + 9] as Assignment[]), where: (v[b + 10] as Expression | null) }, (v[b + 11] as UpsertReturning))),
  // 199: upsert ::= ON CONFLICT LP order_terms RP where_opt DO NOTHING upsert
  (v, b) => is<UpsertReturning>(upsertBefore({ target: (v[b + 3] as OrderTerm[]), targetWhere: (v[b + 5] as Expression | null), set: null, where: null }, (v[b + 8] as UpsertReturning))),
  // 200: upsert ::= ON CONFLICT DO NOTHING returning
  (v, b) => is<UpsertReturning>({ upserts: [{ target: null, targetWhere: null, set: null, where: null }], returning: (v[b + 4] as ResultColumn[] | null) }),
  // 201: upsert ::= ON CONFLICT DO UPDATE SET assignments where_opt returning
  (v, b) => is<UpsertReturning>({ upserts: [{ target: null, targetWhere: null, set: (v[b + 5] as Assignment[]), where: (v[b + 6] as Expression | null) }], returning: (v[b + 7] as ResultColumn[] | null) }),
  // 202: returning ::= RETURNING result_columns
  (v, b) => is<ResultColumn[] | null>((v[b + 1] as ResultColumn[])),
  // 203: returning ::=
  () => is<ResultColumn[] | null>(null),
  // 204: insert_verb ::= INSERT or_conflict
  (v, b) => is<InsertVerb>({ verb: "INSERT", or: (v[b + 1] as ConflictAction | null) }),
  // 205: insert_verb ::= REPLACE
  () => is<InsertVerb>({ verb: "REPLACE", or: null }),
  // 206: names_opt ::=
  () => is<Name[] | null>(null),
  // 207: names_opt ::= LP names RP
  (v, b) => is<Name[] | null>((v[b + 1] as Name[])),
  // 208: names ::= names COMMA nm
  (v, b) => is<Name[]>(append((v[b] as Name[]), (v[b + 2] as Name))),
  // 209: names ::= nm
  (v, b) => is<Name[]>([(v[b] as Name)]),
  // 210: expr ::= term
  null,
  // 211: expr ::= LP expr RP
  (v, b) => is<Expression>((v[b + 1] as Expression)),
  // 212: expr ::= ID|INDEXED|JOIN_KW
  (v, b, at) => is<Expression>(columnOf(at, null, null, nameOf((v[b] as Token)))),
  // 213: expr ::= nm DOT nm
  (v, b, at) => is<Expression>(columnOf(at, null, (v[b] as Name), (v[b + 2] as Name))),
  // 214: expr ::= nm DOT nm DOT nm
  (v, b, at) => is<Expression>(columnOf(at, (v[b] as Name), (v[b + 2] as Name), (v[b + 4] as Name))),
  // 215: term ::= NULL
  (_v, _b, at) => is<Expression>({ kind: "null", ...at }),
  // 216: term ::= INTEGER|FLOAT|QNUMBER
  (v, b, at) => is<Expression>({ kind: "number", ...at, text: (v[b] as Token).text }),
  // 217: term ::= BLOB
  (v, b, at) => is<Expression>({ kind: "blob", ...at, hex: (v[b] as Token).text.slice(2, -1) }),
  // 218: term ::= STRING
  (v, b, at) => is<Expression>({ kind: "string", ...at, value: unquoted((v[b] as Token).text) }),
  // 219: term ::= CTIME_KW
  (v, b, at) => is<Expression>({ kind: "now", ...at, word: word((v[b] as Token)) }),
  // 220: expr ::= VARIABLE
  (v, b, at) => is<Expression>(parameter(at, (v[b] as Token))),
  // 221: expr ::= expr COLLATE ID|STRING
  (v, b, at) => is<Expression>({ kind: "collate", ...at, value: (v[b] as Expression), collation: nameOf((v[b + 2] as Token)) }),
  // 222: expr ::= CAST LP expr AS type_opt RP
  (v, b, at) => is<Expression>({ kind: "cast", ...at, value: (v[b + 2] as Expression), type: (v[b + 4] as TypeName | null) }),
  // 223: expr ::= ID|INDEXED|JOIN_KW LP distinct expressions_opt RP
  (v, b, at) => is<Expression>(call(at, (v[b] as Token), { distinct: (v[b + 2] as Quantifier | null), args: (v[b + 3] as Expression[]) })),
  // 224: expr ::= ID|INDEXED|JOIN_KW LP distinct expressions_opt ORDER BY order_terms RP
  (v, b, at) => is<Expression>(call(at, (v[b] as Token), { distinct: (v[b + 2] as Quantifier | null), args: (v[b + 3] as Expression[]), orderBy: (v[b + 6] as OrderTerm[]) })),
  // 225: expr ::= ID|INDEXED|JOIN_KW LP STAR RP
  (v, b, at) => is<Expression>(call(at, (v[b] as Token), { args: "*" })),
  // 226: expr ::= ID|INDEXED|JOIN_KW LP distinct expressions_opt RP WITHIN GROUP LP ORDER BY expr RP
  (v, b, at) => is<Expression>(call(at, (v[b] as Token), { distinct: (v[b + 2] as Quantifier | null), args: (v[b + 3] as Expression[]), within: (v[b + 10] as Expression) })),
  // 227: expr ::= ID|INDEXED|JOIN_KW LP distinct expressions_opt RP filter_over
  (v, b, at) => is<Expression>(call(at, (v[b] as Token), { distinct: (v[b + 2] as Quantifier | null), args: (v[b + 3] as Expression[]), ...(v[b + 5] as FilterOver) })),
  // 228: expr ::= ID|INDEXED|JOIN_KW LP distinct expressions_opt ORDER BY order_terms RP filter_over
  (v, b, at) => is<Expression>(call(at, (v[b] as Token), { distinct: (v[b + 2] as Quantifier | null), args: (v[b + 3] as Expression[]), orderBy: (v[b + 6] as OrderTerm[]), ...(v[b + 8] as FilterOver) })),
  // 229: expr ::= ID|INDEXED|JOIN_KW LP STAR RP filter_over
  (v, b, at) => is<Expression>(call(at, (v[b] as Token), { args: "*", ...(v[b + 4] as FilterOver) })),
  // 230: expr ::= ID|INDEXED|JOIN_KW LP distinct expressions_opt RP WITHIN GROUP LP ORDER BY expr RP filter_over
  (v, b, at) => is<Expression>(call(at, (v[b] as Token), { distinct: (v[b + 2] as Quantifier | null), args: (v[b + 3] as Expression[]), within: (v[b + 10] as Expression), ...(v[b + 12] as FilterOver) })),
  // 231: expr ::= LP expressions COMMA expr RP
  (v, b, at) => is<Expression>({ kind: "row", ...at, items: [...(v[b + 1] as Expression[]), (v[b + 3] as Expression)] }),
  // 232: expr ::= expr AND expr
  (v, b, at) => is<Expression>(binary(at, "AND", (v[b] as Expression), (v[b + 2] as Expression))),
  // 233: expr ::= expr OR expr
  (v, b, at) => is<Expression>(binary(at, "OR", (v[b] as Expression), (v[b + 2] as Expression))),
  // 234: expr ::= expr LT|GT|GE|LE expr
  (v, b, at) => is<Expression>(binary(at, operator((v[b + 1] as Token)), (v[b] as Expression), (v[b + 2] as Expression))),
  // 235: expr ::= expr EQ|NE expr
  (v, b, at) => is<Expression>(binary(at, operator((v[b + 1] as Token)), (v[b] as Expression), (v[b + 2] as Expression))),
  // 236: expr ::= expr BITAND|BITOR|LSHIFT|RSHIFT expr
  (v, b, at) => is<Expression>(binary(at, operator((v[b + 1] as Token)), (v[b] as Expression), (v[b + 2] as Expression))),
  // 237: expr ::= expr PLUS|MINUS expr
  (v, b, at) => is<Expression>(binary(at, operator((v[b + 1] as Token)), (v[b] as Expression), (v[b + 2] as Expression))),
  // 238: expr ::= expr STAR|SLASH|REM expr
  (v, b, at) => is<Expression>(binary(at, operator((v[b + 1] as Token)), (v[b] as Expression), (v[b + 2] as Expression))),
  // 239: expr ::= expr CONCAT expr
  (v, b, at) => is<Expression>(binary(at, operator((v[b + 1] as Token)), (v[b] as Expression), (v[b + 2] as Expression))),
  // 240: like_operator ::= LIKE_KW|MATCH
  (v, b) => is<LikeOperator>({ operator: word((v[b] as Token)), not: false }),
  // 241: like_operator ::= NOT LIKE_KW|MATCH
  (v, b) => is<LikeOperator>({ operator: word((v[b + 1] as Token)), not: true }),
  // 242: expr ::= expr like_operator expr
  (v, b, at) => is<Expression>({ kind: "like", ...at, ...(v[b + 1] as LikeOperator), value: (v[b] as Expression), pattern: (v[b + 2] as Expression), escape: null }),
  // 243: expr ::= expr like_operator expr ESCAPE expr
  (v, b, at) => is<Expression>({ kind: "like", ...at, ...(v[b + 1] as LikeOperator), value: (v[b] as Expression), pattern: (v[b + 2] as Expression), escape: (v[b + 4] as Expression) }),
  // 244: expr ::= expr ISNULL
  (v, b, at) => is<Expression>({ kind: "isNull", ...at, not: false, value: (v[b] as Expression) }),
  // 245: expr ::= expr NOTNULL
  (v, b, at) => is<Expression>({ kind: "isNull", ...at, not: true, value: (v[b] as Expression) }),
  // 246: expr ::= expr NOT NULL
  (v, b, at) => is<Expression>({ kind: "isNull", ...at, not: true, value: (v[b] as Expression) }),
  // 247: expr ::= expr IS expr
  (v, b, at) => is<Expression>(binary(at, "IS", (v[b] as Expression), (v[b + 2] as Expression))),
  // 248: expr ::= expr IS NOT expr
  (v, b, at) => is<Expression>(binary(at, "IS NOT", (v[b] as Expression), (v[b + 3] as Expression))),
  // 249: expr ::= expr IS NOT DISTINCT FROM expr
  (v, b, at) => is<Expression>(binary(at, "IS NOT DISTINCT FROM", (v[b] as Expression), (v[b + 5] as Expression))),
  // 250: expr ::= expr IS DISTINCT FROM expr
  (v, b, at) => is<Expression>(binary(at, "IS DISTINCT FROM", (v[b] as Expression), (v[b + 4] as Expression))),
  // 251: expr ::= NOT expr
  (v, b, at) => is<Expression>({ kind: "unary", ...at, operator: "NOT", operand: (v[b + 1] as Expression) }),
  // 252: expr ::= BITNOT expr
  (v, b, at) => is<Expression>({ kind: "unary", ...at, operator: "~", operand: (v[b + 1] as Expression) }),
  // 253: expr ::= PLUS|MINUS expr
  (v, b, at) => is<Expression>({ kind: "unary", ...at, operator: word((v[b] as Token)), operand: (v[b + 1] as Expression) }),
  // 254: expr ::= expr PTR expr
  (v, b, at) => is<Expression>(binary(at, operator((v[b + 1] as Token)), (v[b] as Expression), (v[b + 2] as Expression))),
  // 255: between_operator ::= BETWEEN
  () => is<boolean>(false),
  // 256: between_operator ::= NOT BETWEEN
  () => is<boolean>(true),
  // 257: expr ::= expr between_operator expr AND expr
  (v, b, at) => is<Expression>({ kind: "between", ...at, not: (v[b + 1] as boolean), value: (v[b] as Expression), low: (v[b + 2] as Expression), high: (v[b + 4] as Expression) }),
  // 258: in_operator ::= IN
  () => is<boolean>(false),
  // 259: in_operator ::= NOT IN
  () => is<boolean>(true),
  // 260: expr ::= expr in_operator LP expressions_opt RP
  (v, b, at) => is<Expression>({ kind: "in", ...at, not: (v[b + 1] as boolean), value: (v[b] as Expression), set: { kind: "list", items: (v[b + 3] as Expression[]) } }),
  // 261: expr ::= LP select RP
  (v, b, at) => is<Expression>({ kind: "subquery", ...at, select: (v[b + 1] as Select) }),
  // 262: expr ::= expr in_operator LP select RP
  (v, b, at) => is<Expression>({ kind: "in", ...at, not: (v[b + 1] as boolean), value: (v[b] as Expression), set: { kind: "select", select: (v[b + 3] as Select) } }),
  // 263: expr ::= expr in_operator nm dbnm table_args
  (v, b, at) => is<Expression>({ kind: "in", ...at, not: (v[b + 1] as boolean), value: (v[b] as Expression), set: { kind: "table", table: qualified((v[b + 2] as Name), (v[b + 3] as Name | null)), args: (v[b + 4] as Expression[] | null) } }),
  // 264: expr ::= EXISTS LP select RP
  (v, b, at) => is<Expression>({ kind: "exists", ...at, select: (v[b + 2] as Select) }),
  // 265: expr ::= CASE case_subject case_branches case_else END
  (v, b, at) => is<Expression>({ kind: "case", ...at, subject: (v[b + 1] as Expression | null), branches: (v[b + 2] as CaseBranch[]), otherwise: (v[b + 3] as Expression | null) }),
  // 266: case_branches ::= case_branches WHEN expr THEN expr
  (v, b) => is<CaseBranch[]>(append((v[b] as CaseBranch[]), { when: (v[b + 2] as Expression), then: (v[b + 4] as Expression) })),
  // 267: case_branches ::= WHEN expr THEN expr
  (v, b) => is<CaseBranch[]>([{ when: (v[b + 1] as Expression), then: (v[b + 3] as Expression) }]),
  // 268: case_else ::= ELSE expr
  (v, b) => is<Expression | null>((v[b + 1] as Expression)),
  // 269: case_else ::=
  () => is<Expression | null>(null),
  // 270: case_subject ::= expr
  (v, b) => is<Expression | null>((v[b] as Expression)),
  // 271: case_subject ::=
  () => is<Expression | null>(null),
  // 272: expressions_opt ::= expressions
  null,
  // 273: expressions_opt ::=
  () => is<Expression[]>([]),
  // 274: expressions ::= expressions COMMA expr
  (v, b) => is<Expression[]>(append((v[b] as Expression[]), (v[b + 2] as Expression))),
  // 275: expressions ::= expr
  (v, b) => is<Expression[]>([(v[b] as Expression)]),
  // 276: table_args ::=
  () => is<Expression[] | null>(null),
  // 277: table_args ::= LP expressions_opt RP
  (v, b) => is<Expression[] | null>((v[b + 1] as Expression[])),
  // 278: command ::= createkw unique_opt INDEX ifnotexists nm dbnm ON nm LP order_terms RP where_opt
  (v, b, at) => is<Statement>({ kind: "createIndex", ...at, unique: (v[b + 1] as boolean), ifNotExists: (v[b + 3] as boolean), index: qualified((v[b + 4] as Name), (v[b + 5] as Name | null)), table: (v[b + 7] as Name), terms: (v[b + 9] as OrderTerm[]), where: (v[b + 11] as Expression | null) }),
  // 279: unique_opt ::= UNIQUE
  () => is<boolean>(true),
  // 280: unique_opt ::=
  () => is<boolean>(false),
  // 281: named_columns_opt ::=
  () => is<NamedColumn[] | null>(null),
  // 282: named_columns_opt ::= LP named_columns RP
  (v, b) => is<NamedColumn[] | null>((v[b + 1] as NamedColumn[])),
  // 283: named_columns ::= named_columns COMMA named_column
  (v, b) => is<NamedColumn[]>(append((v[b] as NamedColumn[]), (v[b + 2] as NamedColumn))),
  // 284: named_columns ::= named_column
  (v, b) => is<NamedColumn[]>([(v[b] as NamedColumn)]),
  // 285: named_column ::= nm collate_opt sort_order
  (v, b, at) => is<NamedColumn>({ ...at, name: (v[b] as Name) }),
  // 286: collate_opt ::=
  () => is<null>(null),
  // 287: collate_opt ::= COLLATE ID|STRING
  () => is<null>(null),
  // 288: command ::= DROP INDEX ifexists fullname
  (v, b, at) => is<Statement>({ kind: "drop", ...at, what: "INDEX", ifExists: (v[b + 2] as boolean), name: (v[b + 3] as QualifiedName) }),
  // 289: command ::= VACUUM vacuum_into
  (v, b, at) => is<Statement>({ kind: "vacuum", ...at, schema: null, into: (v[b + 1] as Expression | null) }),
  // 290: command ::= VACUUM nm vacuum_into
  (v, b, at) => is<Statement>({ kind: "vacuum", ...at, schema: (v[b + 1] as Name), into: (v[b + 2] as Expression | null) }),
  // 291: vacuum_into ::= INTO expr
  (v, b) => is<Expression | null>((v[b + 1] as Expression)),
  // 292: vacuum_into ::=
  () => is<Expression | null>(null),
  // 293: command ::= PRAGMA nm dbnm
  (v, b, at) => is<Statement>({ kind: "pragma", ...at, name: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)), value: null, form: null }),
  // 294: command ::= PRAGMA nm dbnm EQ pragma_value
  (v, b, at) => is<Statement>({ kind: "pragma", ...at, name: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)), value: (v[b + 4] as string), form: "=" }),
  // 295: command ::= PRAGMA nm dbnm LP pragma_value RP
  (v, b, at) => is<Statement>({ kind: "pragma", ...at, name: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)), value: (v[b + 4] as string), form: "()" }),
  // 296: command ::= PRAGMA nm dbnm EQ minus_num
  (v, b, at) => is<Statement>({ kind: "pragma", ...at, name: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)), value: (v[b + 4] as string), form: "=" }),
  // 297: command ::= PRAGMA nm dbnm LP minus_num RP
  (v, b, at) => is<Statement>({ kind: "pragma", ...at, name: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)), value: (v[b + 4] as string), form: "()" }),
  // 298: pragma_value ::= plus_num
  null,
  // 299: pragma_value ::= nm
  (v, b) => is<string>((v[b] as Name).text),
  // 300: pragma_value ::= ON|DELETE|DEFAULT
  (v, b) => is<string>((v[b] as Token).text),
  // 301: plus_num ::= PLUS INTEGER|FLOAT
  (v, b) => is<string>((v[b + 1] as Token).text),
  // 302: plus_num ::= INTEGER|FLOAT
  (v, b) => is<string>((v[b] as Token).text),
  // 303: minus_num ::= MINUS INTEGER|FLOAT
  (v, b) => is<string>(`-${(v[b + 1] as Token).text}`),
  // 304: command ::= createkw trigger_head BEGIN trigger_steps END
  (v, b, at) => is<Statement>({ ...(v[b + 1] as TriggerHead), ...at, steps: (v[b + 3] as CreateTrigger["steps"][number][]) }),
  // 305: trigger_head ::= temp TRIGGER ifnotexists nm dbnm trigger_time trigger_event ON fullname for_each_row when_opt
  (v, b, at) => is<TriggerHead>({ kind: "createTrigger", ...at, temporary: (v[b] as boolean), ifNotExists: (v[b + 2] as boolean), trigger: qualified((v[b + 3] as Name), (v[b + 4] as Name | null)), time: (v[b + 5] as CreateTrigger["time"]), ...(v[b + 6] as TriggerEvent), table: (v[b + 8] as QualifiedName), forEachRow: (v[b + 9] as boolean), when: (v[b + 10] as Expression | null) }),
  // 306: trigger_time ::= BEFORE|AFTER
  (v, b) => is<CreateTrigger["time"]>(word((v[b] as Token))),
  // 307: trigger_time ::= INSTEAD OF
  () => is<CreateTrigger["time"]>("INSTEAD OF"),
  // 308: trigger_time ::=
  () => is<CreateTrigger["time"]>(null),
  // 309: trigger_event ::= DELETE|INSERT
  (v, b) => is<TriggerEvent>({ event: word((v[b] as Token)), columns: null }),
  // 310: trigger_event ::= UPDATE
  () => is<TriggerEvent>({ event: "UPDATE", columns: null }),
  // 311: trigger_event ::= UPDATE OF names
  (v, b) => is<TriggerEvent>({ event: "UPDATE", columns: (v[b + 2] as Name[]) }),
  // 312: for_each_row ::=
  () => is<boolean>(false),
  // 313: for_each_row ::= FOR EACH ROW
  () => is<boolean>(true),
  // 314: when_opt ::=
  () => is<Expression | null>(null),
  // 315: when_opt ::= WHEN expr
  (v, b) => is<Expression | null>((v[b + 1] as Expression)),
  // 316: trigger_steps ::= trigger_steps trigger_step SEMI
  (v, b) => is<CreateTrigger["steps"][number][]>(append((v[b] as CreateTrigger["steps"][number][]), (v[b + 1] as CreateTrigger["steps"][number]))),
  // 317: trigger_steps ::= trigger_step SEMI
  (v, b) => is<CreateTrigger["steps"][number][]>([(v[b] as CreateTrigger["steps"][number])]),
  // 318: trigger_step ::= UPDATE or_conflict target SET assignments from_opt where_opt
  (v, b, at) => is<CreateTrigger["steps"][number]>({ kind: "update", ...at, with: null, or: (v[b + 1] as ConflictAction | null), target: (v[b + 2] as WriteTarget), indexed: null, set: (v[b + 4] as Assignment[]), from: (v[b + 5] as From | null), where: (v[b + 6] as Expression | null), returning: null, orderBy: [], limit: null }),
  // 319: trigger_step ::= insert_verb INTO target names_opt select upsert
  (v, b, at) => is<CreateTrigger["steps"][number]>({ kind: "insert", ...at, with: null, ...(v[b] as InsertVerb), target: (v[b + 2] as WriteTarget), columns: (v[b + 3] as Name[] | null), source: (v[b + 4] as Select), ...(v[b + 5] as UpsertReturning) }),
  // 320: trigger_step ::= DELETE FROM target where_opt
  (v, b, at) => is<CreateTrigger["steps"][number]>({ kind: "delete", ...at, with: null, target: (v[b + 2] as WriteTarget), indexed: null, where: (v[b + 3] as Expression | null), returning: null, orderBy: [], limit: null }),
  // 321: trigger_step ::= select
  (v, b) => is<CreateTrigger["steps"][number]>((v[b] as Select)),
  // 322: expr ::= RAISE LP IGNORE RP
  (_v, _b, at) => is<Expression>({ kind: "raise", ...at, action: "IGNORE", message: null }),
  // 323: expr ::= RAISE LP raise_action COMMA expr RP
  (v, b, at) => is<Expression>({ kind: "raise", ...at, action: (v[b + 2] as "ROLLBACK" | "ABORT" | "FAIL"), message: (v[b + 4] as Expression) }),
  // 324: raise_action ::= ROLLBACK
  () => is<"ROLLBACK" | "ABORT" | "FAIL">("ROLLBACK"),
  // 325: raise_action ::= ABORT
  () => is<"ROLLBACK" | "ABORT" | "FAIL">("ABORT"),
  // 326: raise_action ::= FAIL
  () => is<"ROLLBACK" | "ABORT" | "FAIL">("FAIL"),
  // 327: command ::= DROP TRIGGER ifexists fullname
  (v, b, at) => is<Statement>({ kind: "drop", ...at, what: "TRIGGER", ifExists: (v[b + 2] as boolean), name: (v[b + 3] as QualifiedName) }),
  // 328: command ::= ATTACH database_opt expr AS expr key_opt
  (v, b, at) => is<Statement>({ kind: "attach", ...at, file: (v[b + 2] as Expression), schema: (v[b + 4] as Expression), key: (v[b + 5] as Expression | null) }),
  // 329: command ::= DETACH database_opt expr
  (v, b, at) => is<Statement>({ kind: "detach", ...at, schema: (v[b + 2] as Expression) }),
  // 330: key_opt ::=
  () => is<Expression | null>(null),
  // 331: key_opt ::= KEY expr
  (v, b) => is<Expression | null>((v[b + 1] as Expression)),
  // 332: database_opt ::= DATABASE
  () => is<null>(null),
  // 333: database_opt ::=
  () => is<null>(null),
  // 334: command ::= REINDEX
  (_v, _b, at) => is<Statement>({ kind: "reindex", ...at, name: null }),
  // 335: command ::= REINDEX nm dbnm
  (v, b, at) => is<Statement>({ kind: "reindex", ...at, name: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)) }),
  // 336: command ::= ANALYZE
  (_v, _b, at) => is<Statement>({ kind: "analyze", ...at, name: null }),
  // 337: command ::= ANALYZE nm dbnm
  (v, b, at) => is<Statement>({ kind: "analyze", ...at, name: qualified((v[b + 1] as Name), (v[b + 2] as Name | null)) }),
  // 338: command ::= ALTER TABLE fullname RENAME TO nm
  (v, b, at) => is<Statement>({ kind: "alterTable", ...at, table: (v[b + 2] as QualifiedName), change: { kind: "renameTable", to: (v[b + 5] as Name) } }),
  // 339: command ::= ALTER TABLE fullname ADD column_opt column_name column_constraints
  (v, b, at) => is<Statement>({ kind: "alterTable", ...at, table: (v[b + 2] as QualifiedName), change: { kind: "addColumn", column: columnDefinition((v[b + 5] as ColumnHead), (v[b + 6] as ColumnConstraint[])) } }),
  // 340: command ::= ALTER TABLE fullname DROP column_opt nm
  (v, b, at) => is<Statement>({ kind: "alterTable", ...at, table: (v[b + 2] as QualifiedName), change: { kind: "dropColumn", column: (v[b + 5] as Name) } }),
  // 341: command ::= ALTER TABLE fullname RENAME column_opt nm TO nm
  (v, b, at) => is<Statement>({ kind: "alterTable", ...at, table: (v[b + 2] as QualifiedName), change: { kind: "renameColumn", column: (v[b + 5] as Name), to: (v[b + 7] as Name) } }),
  // 342: command ::= ALTER TABLE fullname ALTER COLUMNKW column_name TO column_name column_constraints
  (v, b, at) => is<Statement>({ kind: "alterTable", ...at, table: (v[b + 2] as QualifiedName), change: { kind: "alterColumn", column: (v[b + 5] as ColumnHead).name, to: columnDefinition((v[b + 7] as ColumnHead), (v[b + 8] as ColumnConstraint[])) } }),
  // 343: column_opt ::=
  () => is<null>(null),
  // 344: column_opt ::= COLUMNKW
  () => is<null>(null),
  // 345: command ::= createkw FUNCTION ifnotexists nm LANGUAGE nm AS nm
  (v, b, at) => is<Statement>({ kind: "createFunction", ...at, ifNotExists: (v[b + 2] as boolean), name: (v[b + 3] as Name), language: (v[b + 5] as Name), body: (v[b + 7] as Name) }),
  // 346: command ::= DROP FUNCTION ifexists nm
  (v, b, at) => is<Statement>({ kind: "dropFunction", ...at, ifExists: (v[b + 2] as boolean), name: (v[b + 3] as Name) }),
  // 347: command ::= virtual_table
  (v, b) => is<Statement>((v[b] as CreateVirtualTable)),
  // 348: command ::= virtual_table LP module_args RP
  (v, b, at) => is<Statement>({ ...(v[b] as CreateVirtualTable), ...at, args: (v[b + 2] as string[]) }),
  // 349: virtual_table ::= createkw VIRTUAL TABLE ifnotexists nm dbnm USING nm
  (v, b, at) => is<CreateVirtualTable>({ kind: "createVirtualTable", ...at, ifNotExists: (v[b + 3] as boolean), table: qualified((v[b + 4] as Name), (v[b + 5] as Name | null)), module: (v[b + 7] as Name), args: null }),
  // 350: module_args ::= module_arg
  (v, b) => is<string[]>([(v[b] as string)]),
  // 351: module_args ::= module_args COMMA module_arg
  (v, b) => is<string[]>(append((v[b] as string[]), (v[b + 2] as string))),
  // 352: module_arg ::=
  () => is<string>(""),
  // 353: module_arg ::= module_arg module_token
  (_v, _b, at, text) => is<string>(text.slice(at.start, at.end)),
  // 354: module_token ::= ANY
  () => is<null>(null),
  // 355: module_token ::= opening any_tokens RP
  () => is<null>(null),
  // 356: opening ::= LP
  () => is<null>(null),
  // 357: any_tokens ::=
  () => is<null>(null),
  // 358: any_tokens ::= any_tokens LP any_tokens RP
  () => is<null>(null),
  // 359: any_tokens ::= any_tokens ANY
  () => is<null>(null),
  // 360: with ::=
  () => is<With | null>(null),
  // 361: with ::= WITH common_tables
  (v, b) => is<With | null>({ recursive: false, tables: (v[b + 1] as CommonTable[]) }),
  // 362: with ::= WITH RECURSIVE common_tables
  (v, b) => is<With | null>({ recursive: true, tables: (v[b + 2] as CommonTable[]) }),
  // 363: common_as ::= AS
  () => is<boolean | null>(null),
  // 364: common_as ::= AS MATERIALIZED
  () => is<boolean | null>(true),
  // 365: common_as ::= AS NOT MATERIALIZED
  () => is<boolean | null>(false),
  // 366: common_table ::= nm named_columns_opt common_as LP select RP
  (v, b, at) => is<CommonTable>({ ...at, name: (v[b] as Name), columns: (v[b + 1] as NamedColumn[] | null), materialized: (v[b + 2] as boolean | null), select: (v[b + 4] as Select) }),
  // 367: common_tables ::= common_table
  (v, b) => is<CommonTable[]>([(v[b] as CommonTable)]),
  // 368: common_tables ::= common_tables COMMA common_table
  (v, b) => is<CommonTable[]>(append((v[b] as CommonTable[]), (v[b + 2] as CommonTable))),
  // 369: windows ::= named_window
  (v, b) => is<NamedWindow[]>([(v[b] as NamedWindow)]),
  // 370: windows ::= windows COMMA named_window
  (v, b) => is<NamedWindow[]>(append((v[b] as NamedWindow[]), (v[b + 2] as NamedWindow))),
  // 371: named_window ::= nm AS LP window RP
  (v, b) => is<NamedWindow>({ name: (v[b] as Name), window: (v[b + 3] as Window) }),
  // 372: window ::= PARTITION BY expressions order_by_opt frame_opt
  (v, b, at) => is<Window>({ kind: "window", ...at, base: null, partitionBy: (v[b + 2] as Expression[]), orderBy: (v[b + 3] as OrderTerm[]), frame: (v[b + 4] as Frame | null) }),
  // 373: window ::= nm PARTITION BY expressions order_by_opt frame_opt
  (v, b, at) => is<Window>({ kind: "window", ...at, base: (v[b] as Name), partitionBy: (v[b + 3] as Expression[]), orderBy: (v[b + 4] as OrderTerm[]), frame: (v[b + 5] as Frame | null) }),
  // 374: window ::= ORDER BY order_terms frame_opt
  (v, b, at) => is<Window>({ kind: "window", ...at, base: null, partitionBy: [], orderBy: (v[b + 2] as OrderTerm[]), frame: (v[b + 3] as Frame | null) }),
  // 375: window ::= nm ORDER BY order_terms frame_opt
  (v, b, at) => is<Window>({ kind: "window", ...at, base: (v[b] as Name), partitionBy: [], orderBy: (v[b + 3] as OrderTerm[]), frame: (v[b + 4] as Frame | null) }),
  // 376: window ::= frame_opt
  (v, b, at) => is<Window>({ kind: "window", ...at, base: null, partitionBy: [], orderBy: [], frame: (v[b] as Frame | null) }),
  // 377: window ::= nm frame_opt
  (v, b, at) => is<Window>({ kind: "window", ...at, base: (v[b] as Name), partitionBy: [], orderBy: [], frame: (v[b + 1] as Frame | null) }),
  // 378: frame_opt ::=
  () => is<Frame | null>(null),
  // 379: frame_opt ::= frame_unit frame_bound_from frame_exclude_opt
  (v, b, at) => is<Frame | null>({ ...at, unit: (v[b] as Frame["unit"]), from: (v[b + 1] as FrameBound), to: null, exclude: (v[b + 2] as Frame["exclude"]) }),
  // 380: frame_opt ::= frame_unit BETWEEN frame_bound_from AND frame_bound_to frame_exclude_opt
  (v, b, at) => is<Frame | null>({ ...at, unit: (v[b] as Frame["unit"]), from: (v[b + 2] as FrameBound), to: (v[b + 4] as FrameBound), exclude: (v[b + 5] as Frame["exclude"]) }),
  // 381: frame_unit ::= RANGE|ROWS|GROUPS
  (v, b) => is<Frame["unit"]>(word((v[b] as Token))),
  // 382: frame_bound_from ::= frame_bound
  null,
  // 383: frame_bound_from ::= UNBOUNDED PRECEDING
  () => is<FrameBound>({ kind: "unbounded", side: "PRECEDING", offset: null }),
  // 384: frame_bound_to ::= frame_bound
  null,
  // 385: frame_bound_to ::= UNBOUNDED FOLLOWING
  () => is<FrameBound>({ kind: "unbounded", side: "FOLLOWING", offset: null }),
  // 386: frame_bound ::= expr PRECEDING|FOLLOWING
  (v, b) => is<FrameBound>({ kind: "offset", side: word((v[b + 1] as Token)), offset: (v[b] as Expression) }),
  // 387: frame_bound ::= CURRENT ROW
  () => is<FrameBound>({ kind: "current" }),
  // 388: frame_exclude_opt ::=
  () => is<Frame["exclude"]>(null),
  // 389: frame_exclude_opt ::= EXCLUDE frame_exclude
  (v, b) => is<Frame["exclude"]>((v[b + 1] as Frame["exclude"])),
  // 390: frame_exclude ::= NO OTHERS
  () => is<Frame["exclude"]>("NO OTHERS"),
  // 391: frame_exclude ::= CURRENT ROW
  () => is<Frame["exclude"]>("CURRENT ROW"),
  // 392: frame_exclude ::= GROUP|TIES
  (v, b) => is<Frame["exclude"]>(word((v[b] as Token))),
  // 393: window_clause ::= WINDOW windows
  (v, b) => is<NamedWindow[]>((v[b + 1] as NamedWindow[])),
  // 394: filter_over ::= filter_clause over_clause
  (v, b) => is<FilterOver>({ filter: (v[b] as Expression), over: (v[b + 1] as Name | Window) }),
  // 395: filter_over ::= over_clause
  (v, b) => is<FilterOver>({ over: (v[b] as Name | Window) }),
  // 396: filter_over ::= filter_clause
  (v, b) => is<FilterOver>({ filter: (v[b] as Expression) }),
  // 397: over_clause ::= OVER LP window RP
  (v, b) => is<Name | Window>((v[b + 2] as Window)),
  // 398: over_clause ::= OVER nm
  (v, b) => is<Name | Window>((v[b + 1] as Name)),
  // 399: filter_clause ::= FILTER LP WHERE expr RP
  (v, b) => is<Expression>((v[b + 3] as Expression)),
];
