// Pickle protocols 2 to 4 (Lib/pickletools.py of Python documents the opcodes), as far as
// torch.save uses them. Values lie in an arena and refer to each other by index, so that a pickle
// that contains itself is harmless.

#include "trainers/torch_pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

namespace hpo {
namespace {

constexpr std::size_t kLargestPickle = std::size_t{16} << 20U;  // a large network's has 0.2 MiB

enum class Kind { none, integer, text, global, tuple, dict, storage, tensor };

using Index = std::size_t;

struct Value {
  Kind kind = Kind::none;
  std::int64_t integer = 0;
  std::string text = {};          ///< text, global `module name`
  std::vector<Index> items = {};  ///< tuple and list; dict: key, value, key, value, ...
  PickledTensor tensor = {};      ///< also a storage: its key and type
};

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

class Unpickler {
 public:
  explicit Unpickler(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  /// Reads to the end; answers the top value's index.
  Index run() {
    while (true) {
      const std::uint8_t opcode = byte();
      if (opcode == '.') return pop();
      step(opcode);
    }
  }
  [[nodiscard]] const Value& at(Index index) const { return arena_[index]; }

 private:
  std::span<const std::uint8_t> take(std::uint64_t n) {
    if (n > bytes_.size()) fail("ends early");
    const auto taken = bytes_.first(static_cast<std::size_t>(n));
    bytes_ = bytes_.subspan(static_cast<std::size_t>(n));
    return taken;
  }
  std::uint8_t byte() { return take(1)[0]; }
  std::uint64_t little_endian(std::size_t n) {
    std::uint64_t value = 0;
    const auto bytes = take(n);
    for (std::size_t i = n; i > 0; --i) value = value << 8U | bytes[i - 1];
    return value;
  }
  std::string text(std::uint64_t n) {
    const auto bytes = take(n);
    return {bytes.begin(), bytes.end()};
  }
  std::string line() {
    const auto end = std::find(bytes_.begin(), bytes_.end(), '\n');
    if (end == bytes_.end()) fail("ends early");
    std::string found(bytes_.begin(), end);
    bytes_ = bytes_.subspan(found.size() + 1);
    return found;
  }

  void push(Value value) {
    stack_.push_back(arena_.size());
    arena_.push_back(std::move(value));
  }
  Index pop() {
    if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) {
      fail("takes from an empty stack");
    }
    const Index top = stack_.back();
    stack_.pop_back();
    return top;
  }
  [[nodiscard]] Index top() const {
    if (stack_.empty()) fail("takes from an empty stack");
    return stack_.back();
  }
  std::vector<Index> pop_to_mark() {
    if (marks_.empty() || marks_.back() > stack_.size()) fail("has no mark");
    const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<Index> items(from, stack_.end());
    stack_.erase(from, stack_.end());
    marks_.pop_back();
    return items;
  }
  void push_tuple(std::size_t n) {
    Value tuple{.kind = Kind::tuple, .items = std::vector<Index>(n)};
    for (std::size_t i = n; i > 0; --i) tuple.items[i - 1] = pop();
    push(std::move(tuple));
  }
  void push_integer(std::int64_t value) { push({.kind = Kind::integer, .integer = value}); }
  void push_text(std::uint64_t n) { push({.kind = Kind::text, .text = text(n)}); }

  void step(std::uint8_t opcode) {
    if (!step_value(opcode) && !step_memo(opcode) && !step_container(opcode)) {
      fail(fmt::format("has the opcode 0x{:02x}, which no file of weights needs", opcode));
    }
  }

  bool step_value(std::uint8_t opcode) {
    switch (opcode) {
      case 'N':  // NONE
        push({});
        return true;
      case 0x88:  // NEWTRUE
      case 0x89:  // NEWFALSE
        push_integer(opcode == 0x88 ? 1 : 0);
        return true;
      case 'J':  // BININT
        push_integer(static_cast<std::int32_t>(little_endian(4)));
        return true;
      case 'K':  // BININT1
        push_integer(byte());
        return true;
      case 'M':  // BININT2
        push_integer(static_cast<std::int64_t>(little_endian(2)));
        return true;
      case 0x8a:  // LONG1
        push_integer(long_integer());
        return true;
      case 'G':  // BINFLOAT: of no use here
        take(8);
        push({});
        return true;
      case 'X':  // BINUNICODE
        push_text(little_endian(4));
        return true;
      case 0x8c:  // SHORT_BINUNICODE
        push_text(byte());
        return true;
      case 0x80:  // PROTO
        take(1);
        return true;
      case 0x95:  // FRAME
        take(8);
        return true;
      default:
        return false;
    }
  }

  std::int64_t long_integer() {
    const std::size_t n = byte();
    if (n > 8) fail("has an integer of more than 64 bits");
    const std::uint64_t value = little_endian(n);
    const auto unused = static_cast<unsigned>(64 - 8 * n);
    if (n == 0) return 0;
    return static_cast<std::int64_t>(value << unused) >> unused;  // extends the sign
  }

  bool step_memo(std::uint8_t opcode) {
    switch (opcode) {
      case 'q':  // BINPUT
        memo_[byte()] = top();
        return true;
      case 'r':  // LONG_BINPUT
        memo_[little_endian(4)] = top();
        return true;
      case 0x94:  // MEMOIZE
        memo_[memo_.size()] = top();
        return true;
      case 'h':  // BINGET
        recall(byte());
        return true;
      case 'j':  // LONG_BINGET
        recall(little_endian(4));
        return true;
      default:
        return false;
    }
  }

  void recall(std::uint64_t number) {
    const auto found = memo_.find(number);
    if (found == memo_.end()) fail("recalls what it never stored");
    stack_.push_back(found->second);
  }

  bool step_container(std::uint8_t opcode) {
    switch (opcode) {
      case '(':  // MARK
        marks_.push_back(stack_.size());
        return true;
      case ')':  // EMPTY_TUPLE
      case ']':  // EMPTY_LIST
        push({.kind = Kind::tuple});
        return true;
      case '}':  // EMPTY_DICT
        push({.kind = Kind::dict});
        return true;
      case 't':  // TUPLE
        push({.kind = Kind::tuple, .items = pop_to_mark()});
        return true;
      case 0x85:  // TUPLE1
      case 0x86:  // TUPLE2
      case 0x87:  // TUPLE3
        push_tuple(opcode - 0x84U);
        return true;
      case 'a':  // APPEND
        append(Kind::tuple, {pop()});
        return true;
      case 'e':  // APPENDS
        append(Kind::tuple, pop_to_mark());
        return true;
      case 's': {  // SETITEM
        const Index value = pop();
        append(Kind::dict, {pop(), value});
        return true;
      }
      case 'u':  // SETITEMS
        append(Kind::dict, pop_to_mark());
        return true;
      default:
        return step_object(opcode);
    }
  }

  bool step_object(std::uint8_t opcode) {
    switch (opcode) {
      case 'c': {  // GLOBAL
        const std::string module = line();
        push_global(module + " " + line());
        return true;
      }
      case 0x93: {  // STACK_GLOBAL
        const std::string name = arena_[pop()].text;
        push_global(arena_[pop()].text + " " + name);
        return true;
      }
      case 'R':  // REDUCE
        reduce();
        return true;
      case 'b':  // BUILD: the attributes of an OrderedDict (_metadata)
        pop();
        return true;
      case 'Q':  // BINPERSID
        push_storage();
        return true;
      default:
        return false;
    }
  }

  void append(Kind kind, const std::vector<Index>& items) {
    Value& container = arena_[top()];
    if (container.kind != kind || (kind == Kind::dict && items.size() % 2 != 0)) {
      fail("adds to what is no container");
    }
    container.items.insert(container.items.end(), items.begin(), items.end());
  }

  void push_global(const std::string& name) {
    static constexpr std::array kKnown = {"collections OrderedDict",
                                          "torch._utils _rebuild_tensor_v2",
                                          "torch._utils _rebuild_parameter",
                                          "torch FloatStorage",
                                          "torch HalfStorage",
                                          "torch BFloat16Storage",
                                          "torch DoubleStorage",
                                          "torch LongStorage",
                                          "torch IntStorage",
                                          "torch BoolStorage",
                                          "torch ByteStorage"};
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) {
      fail(fmt::format("names \"{}\", which no file of weights needs", name));
    }
    push({.kind = Kind::global, .text = name});
  }

  const Value& part(const Value& tuple, std::size_t i, Kind kind) const {
    if (tuple.kind != Kind::tuple || i >= tuple.items.size()) fail("lacks an argument");
    const Value& value = arena_[tuple.items[i]];
    if (value.kind != kind) fail("has an argument of the wrong type");
    return value;
  }

  /// ('storage', type, key, device, elements)
  void push_storage() {
    const Value& id = arena_[pop()];
    if (part(id, 0, Kind::text).text != "storage") fail("refers to what is no storage");
    std::string type = part(id, 1, Kind::global).text;
    Value storage{.kind = Kind::storage};
    storage.tensor.type = type.substr(type.find(' ') + 1);
    storage.tensor.storage = part(id, 2, Kind::text).text;
    push(std::move(storage));
  }

  void reduce() {
    const Index arguments = pop();
    const Value& function = arena_[pop()];
    if (function.kind != Kind::global) fail("calls what is no function");
    if (function.text.ends_with("OrderedDict")) return push({.kind = Kind::dict});
    if (function.text.ends_with("_rebuild_parameter")) {
      return push(part(arena_[arguments], 0, Kind::tensor));  // (data, requires_grad, hooks)
    }
    if (!function.text.ends_with("_rebuild_tensor_v2")) fail("calls " + function.text);
    push(tensor_of(arena_[arguments]));
  }

  /// (storage, offset, shape, stride, requires_grad, hooks)
  [[nodiscard]] Value tensor_of(const Value& arguments) const {
    Value tensor{.kind = Kind::tensor, .tensor = part(arguments, 0, Kind::storage).tensor};
    tensor.tensor.offset = part(arguments, 1, Kind::integer).integer;
    tensor.tensor.shape = integers_of(part(arguments, 2, Kind::tuple));
    tensor.tensor.stride = integers_of(part(arguments, 3, Kind::tuple));
    if (tensor.tensor.shape.size() != tensor.tensor.stride.size()) {
      fail("has a tensor with a shape and stride of different lengths");
    }
    return tensor;
  }

  [[nodiscard]] std::vector<std::int64_t> integers_of(const Value& tuple) const {
    std::vector<std::int64_t> integers;
    for (std::size_t i = 0; i < tuple.items.size(); ++i) {
      integers.push_back(part(tuple, i, Kind::integer).integer);
    }
    return integers;
  }

  std::span<const std::uint8_t> bytes_;
  std::vector<Value> arena_ = {};
  std::vector<Index> stack_ = {};
  std::vector<std::size_t> marks_ = {};
  std::map<std::uint64_t, Index> memo_ = {};
};

using Tensors = std::map<std::string, PickledTensor, std::less<>>;

/// The tensors that lie in the dict itself, by their keys.
Tensors tensors_in(const Unpickler& pickle, const Value& dict) {
  Tensors tensors;
  for (std::size_t i = 0; dict.kind == Kind::dict && i + 1 < dict.items.size(); i += 2) {
    const Value& key = pickle.at(dict.items[i]);
    const Value& value = pickle.at(dict.items[i + 1]);
    if (key.kind == Kind::text && value.kind == Kind::tensor) tensors[key.text] = value.tensor;
  }
  return tensors;
}

}  // namespace

Result<Tensors> read_torch_pickle(std::span<const std::uint8_t> bytes, std::string_view name) {
  try {
    if (bytes.size() > kLargestPickle) fail("is too large");
    Unpickler pickle(bytes);
    const Value top = pickle.at(pickle.run());
    Tensors best = tensors_in(pickle, top);
    for (std::size_t i = 1; top.kind == Kind::dict && i < top.items.size(); i += 2) {
      Tensors inner = tensors_in(pickle, pickle.at(top.items[i]));
      if (inner.size() > best.size()) best = std::move(inner);
    }
    if (best.empty()) fail("holds no tensors by name: torch.save(model.state_dict(), ...) does");
    return best;
  } catch (const std::runtime_error& e) {
    return Error{.code = ErrorCode::corrupt,
                 .message = fmt::format("{}: its pickle {}", name, e.what()),
                 .hint = "weights are read as data, never as a program"};
  }
}

}  // namespace hpo
