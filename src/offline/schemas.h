/* schemas.h: the files of schemas/pg, embedded when nowthen is built; zero terminated. */
#ifndef OFFLINE_SCHEMAS_H
#define OFFLINE_SCHEMAS_H

extern const char schema_nowthen[];    /* nowthen.sql */
extern const char schema_asof[];       /* asof.sql */
extern const char schema_aggregates[]; /* aggregates.sql */

#endif
