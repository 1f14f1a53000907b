#pragma once

namespace hpo::cli {

/// Whether the descriptor is a terminal on which text may be redrawn and coloured: not with
/// NO_COLOR set, nor TERM=dumb.
bool is_lively(int descriptor);

/// Whether the locale says that a terminal takes UTF-8.
bool has_unicode();

/// Whether drawings for the descriptor may use Unicode: a terminal, its locale UTF-8, not
/// TERM=dumb.
bool draws_unicode(int descriptor);

/// Columns of the window behind the descriptor; nothing to fit (a large number) where it is no
/// terminal. COLUMNS counts where the terminal does not say.
int terminal_width(int descriptor);

/// Rows of the window behind the descriptor; 24 where that is unknown.
int terminal_height(int descriptor);

}  // namespace hpo::cli
