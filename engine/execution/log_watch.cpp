#include "engine/execution/log_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstring>
#include <map>

namespace hpo::execution {
namespace {

namespace asio = boost::asio;

class InotifyWatch final : public LogWatch, public std::enable_shared_from_this<InotifyWatch> {
 public:
  InotifyWatch(const asio::any_io_executor& executor, int descriptor)
      : inotify_(executor, descriptor) {}

  /// The pending wait must not keep the watch: it ends with the last trial.
  void wait() {
    inotify_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [weak = weak_from_this()](const boost::system::error_code& error) {
                          const auto self = weak.lock();
                          if (!self || error) return;
                          self->read_events();
                          self->wait();
                        });
  }

  int arm(const std::filesystem::path& file, std::function<void()> on_change) override {
    const int handle =
        inotify_add_watch(inotify_.native_handle(), file.c_str(), IN_MODIFY | IN_ONESHOT);
    if (handle >= 0) armed_[handle] = std::move(on_change);
    return handle;
  }

  void disarm(int handle) override {
    if (armed_.erase(handle) != 0) inotify_rm_watch(inotify_.native_handle(), handle);
  }

 private:
  void read_events() {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    while (true) {
      const ssize_t got = read(inotify_.native_handle(), buffer.data(), buffer.size());
      if (got <= 0) return;
      for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
        inotify_event event{};
        std::memcpy(&event, buffer.data() + at, sizeof event);
        at += sizeof event + event.len;
        fire(event.wd);
      }
    }
  }

  void fire(int handle) {
    const auto at = armed_.find(handle);
    if (at == armed_.end()) return;  // disarmed meanwhile, or the kernel's note that it is spent
    const auto on_change = std::move(at->second);
    armed_.erase(at);
    on_change();
  }

  asio::posix::stream_descriptor inotify_;
  std::map<int, std::function<void()>> armed_ = {};
};

}  // namespace

std::shared_ptr<LogWatch> LogWatch::make(const asio::any_io_executor& executor) {
  const int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return nullptr;
  auto watch = std::make_shared<InotifyWatch>(executor, descriptor);
  watch->wait();
  return watch;
}

}  // namespace hpo::execution
