#include "trainers/serving/tensor_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace hpo::serving {
namespace {

using nlohmann::json;

/// Gathers one photo from nested lists.
class PixelReader {
 public:
  [[nodiscard]] bool is_open() const { return depth_ > 0; }

  /// What is wrong, or nothing; so do the others.
  std::string open() {
    if (depth_ == 3) return "a photo has three levels: height, width and 3 channels";
    ++depth_;
    (depth_ == 2 ? width_ : channels_) = 0;
    return {};
  }

  std::string number(double value) {
    if (depth_ != 3) return "a photo is height x width x 3 numbers";
    if (!(value >= 0 && value <= 255)) {
      return fmt::format("pixels are numbers from 0 to 255, got {}", value);
    }
    ++channels_;
    has_fractions_ = has_fractions_ || value != std::floor(value);
    greatest_ = std::max(greatest_, value);
    image_.rgb.push_back(static_cast<std::uint8_t>(std::lround(value)));
    return {};
  }

  std::string close() {
    --depth_;
    if (depth_ == 2) {
      ++width_;
      return channels_ == 3 ? "" : fmt::format("a pixel has 3 channels, got {}", channels_);
    }
    if (depth_ == 1) {
      if (width_ == 0) return "a row has no pixels";
      if (image_.height == 0) image_.width = width_;
      ++image_.height;
      return width_ == image_.width ? "" : "its rows are not equally long";
    }
    if (image_.height == 0) return "a photo has no rows";
    if (has_fractions_ && greatest_ <= 1) return "pixels are 0 to 255; these lie between 0 and 1";
    return {};
  }

  Image take() {
    Image image = std::move(image_);
    *this = PixelReader();
    return image;
  }

 private:
  int depth_ = 0;
  int width_ = 0;
  int channels_ = 0;
  bool has_fractions_ = false;
  double greatest_ = 0;
  Image image_ = {};
};

/// What the events of a whole body make of it. Every event answers whether to go on.
class BodyReader : public nlohmann::json_sax<json> {
 public:
  explicit BodyReader(std::size_t max_photos) : max_photos_(max_photos) {}

  bool null() override { return refuse("null is no photo"); }
  bool boolean(bool) override { return refuse("true and false are no photos"); }
  bool number_integer(std::int64_t value) override { return add(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) override { return add(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) override { return add(value); }
  bool binary(json::binary_t&) override { return refuse("it has binary values"); }

  bool string(std::string& text) override {
    if (place_ != Place::file) return refuse("a string is no photo; {\"b64\": \"...\"} is");
    return keep(std::move(text));
  }

  bool start_object(std::size_t) override {
    if (place_ == Place::top) {
      place_ = Place::body;
    } else if (place_ == Place::list && !pixels_.is_open()) {
      place_ = Place::item;
    } else {
      return refuse("an object stands where numbers were expected");
    }
    return true;
  }

  bool key(std::string& name) override {
    if (place_ == Place::body && name == "instances" && !found_.is_list) {
      found_.is_list = true;
      place_ = Place::instances;
    } else if (place_ == Place::item && name == "b64") {
      place_ = Place::file;
    } else {
      return refuse("the keys are instances, and b64 in a photo, once each");
    }
    return true;
  }

  bool end_object() override {
    if (place_ == Place::item) return refuse("a photo's object has the key b64");
    place_ = place_ == Place::after_file ? Place::list : Place::end;
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ == Place::instances) {
      place_ = Place::list;
      return true;
    }
    if (place_ == Place::top) place_ = Place::bare;
    if (place_ != Place::list && place_ != Place::bare) return refuse("a list stands here");
    return went_well(pixels_.open());
  }

  bool end_array() override {
    if (!pixels_.is_open()) {
      place_ = Place::body;
      return true;
    }
    if (!went_well(pixels_.close())) return false;
    return pixels_.is_open() || keep(pixels_.take());
  }

  bool parse_error(std::size_t at, const std::string&, const json::exception&) override {
    return refuse(fmt::format("it is no JSON (byte {})", at));
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }
  JsonPhotos take() { return std::move(found_); }

 private:
  enum class Place { top, bare, body, instances, list, item, file, after_file, end };

  bool refuse(std::string why) {
    if (problem_.empty()) problem_ = std::move(why);
    return false;
  }
  bool went_well(std::string problem) {
    return problem.empty() || refuse(fmt::format("photo {}: {}", found_.photos.size(), problem));
  }
  bool add(double value) {
    return pixels_.is_open() ? went_well(pixels_.number(value)) : refuse("a number is no photo");
  }
  bool keep(JsonPhoto photo) {
    if (found_.photos.size() == max_photos_) {
      return refuse(fmt::format("at most {} photos fit into one request", max_photos_));
    }
    found_.photos.push_back(std::move(photo));
    if (place_ == Place::file) place_ = Place::after_file;
    return true;
  }

  std::size_t max_photos_;
  Place place_ = Place::top;
  PixelReader pixels_ = {};
  JsonPhotos found_ = {};
  std::string problem_ = {};
};

}  // namespace

Result<JsonPhotos> read_json_photos(std::string_view body, std::size_t max_photos) {
  BodyReader reader(max_photos);
  std::string problem;
  if (!json::sax_parse(body, &reader)) problem = reader.problem();
  JsonPhotos found = reader.take();
  if (problem.empty() && found.photos.empty()) problem = "it has no photos";
  if (problem.empty()) return found;
  return Error{.code = ErrorCode::usage,
               .message = "the JSON body: " + problem,
               .hint =
                   "send [[[R,G,B],...],...] with 0 to 255, or {\"instances\": [PHOTO or "
                   "{\"b64\": \"...\"}, ...]}"};
}

}  // namespace hpo::serving
