# Where scripts/setup keeps what it fetches.
if(DEFINED ENV{HPO_DEPS})
  set(default_deps $ENV{HPO_DEPS})
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(default_deps $ENV{XDG_CACHE_HOME}/hpo)
else()
  set(default_deps $ENV{HOME}/.cache/hpo)
endif()
