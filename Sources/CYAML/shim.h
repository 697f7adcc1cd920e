#ifndef CIVSYNC_CYAML_SHIM_H
#define CIVSYNC_CYAML_SHIM_H

#include <yaml.h>

#endif
