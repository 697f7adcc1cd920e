#ifndef CIVSYNC_CZLIB_SHIM_H
#define CIVSYNC_CZLIB_SHIM_H

#include <zlib.h>

#endif
