#include "services/reporting/svg_timeline.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/codec/edtf.h"
#include "services/reporting/svg_canvas.h"

namespace samverk {

using report::v1::ReportModel;
using report::v1::TimelineChart;
using view::v1::TimelineEntry;
using view::v1::TimelineKind;

namespace {

constexpr int kWidth = 1000;
constexpr int kMargin = 10;
constexpr int kTextSize = 18;
constexpr int kLineHeight = 23;
constexpr int kNoteSize = 16;
constexpr int kBarHeight = 12;
constexpr int kPhaseHeight = 18;
constexpr int kLabelGap = 10;  // between a shape and its label
constexpr int kLabelLinesMax = 2;
constexpr int kItemGap = 16;  // between neighbours in a lane
constexpr int kLaneGap = 9;
// A label stands beside its shape where it has this much room, else below it.
constexpr int kLabelWidthMin = 260;
// A shorter interval than this is drawn as a point.
constexpr int kIntervalWidthMin = 12;
constexpr int kSign = 8;  // radius of the sign of a grade
constexpr int kSignSpace = 2 * kSign + 7;
constexpr int kAxisHeight = 74;

// Kinds of entries share tracks.
enum class Track { kPhases, kDecisions, kShifts, kWork, kActivities, kPlan };

struct TrackWords {
  Track track;
  std::string_view sv;
  std::string_view en;
};
constexpr std::array<TrackWords, 6> kTracks = {{
    {Track::kPhases, "Faser", "Phases"},
    {Track::kDecisions, "Beslut och bidrag", "Decisions and grants"},
    {Track::kShifts, "Förflyttningar", "Shifts"},
    {Track::kWork, "Åtgärder, utredningar och initiativ",
     "Measures, studies and initiatives"},
    {Track::kActivities, "Aktiviteter", "Activities"},
    {Track::kPlan, "Planerat", "Planned"},
}};

Track TrackOf(TimelineKind kind) {
  switch (static_cast<int>(kind)) {
    case view::v1::TIMELINE_KIND_PHASE:
      return Track::kPhases;
    case view::v1::TIMELINE_KIND_DECISION:
    case view::v1::TIMELINE_KIND_GRANT:
    case view::v1::TIMELINE_KIND_REPORT:
      return Track::kDecisions;
    case view::v1::TIMELINE_KIND_SHIFT:
    case view::v1::TIMELINE_KIND_ACHIEVEMENT:
      return Track::kShifts;
    case view::v1::TIMELINE_KIND_ACTIVITY:
      return Track::kActivities;
    case view::v1::TIMELINE_KIND_PLAN:
      return Track::kPlan;
    default:
      return Track::kWork;
  }
}

// Where a label stands.
enum class Side { kRight, kLeft, kBelow };

// An entry laid out: its shape from x0 to x1, its label from label_x on.
struct Item {
  const TimelineEntry* entry = nullptr;
  int x0 = 0;
  int x1 = 0;
  Side side = Side::kRight;
  int label_x = 0;
  int label_width = 0;
  int height = 0;
  std::vector<std::string> lines;
  std::string note;                 // time, grade, hedge
  bool note_apart = false;          // on a line of its own
  std::vector<std::string> detail;  // of a plan: what it has and lacks

  int left() const { return std::min(x0, label_x); }
  int right() const { return std::max(x1, label_x + label_width); }
};

// Items of one lane stand beside each other.
struct Lane {
  std::vector<Item> items;
  int height = 0;
  bool Fits(const Item& item) const {
    for (const Item& other : items) {
      if (item.left() < other.right() + kItemGap &&
          other.left() < item.right() + kItemGap) {
        return false;
      }
    }
    return true;
  }
};

// True for what happened at a time or times that are known no better than as
// a year, a season or a month: it does not fill them. Phases and shifts are
// said of the whole, and an interval with two ends is one.
bool IsSomeTimeWithin(const TimelineEntry& entry) {
  const Track track = TrackOf(entry.kind());
  if (track == Track::kPhases || track == Track::kShifts ||
      track == Track::kPlan) {
    return false;
  }
  const std::string& edtf = entry.when().edtf();
  return edtf.size() < 10 && edtf.find('/') == std::string::npos;
}

// What the sign of a grade takes in front of the label.
int SignSpace(const TimelineEntry& entry) {
  return entry.grade() == view::v1::GRADE_UNSPECIFIED ? 0 : kSignSpace;
}

int ShapeHeight(const TimelineEntry& entry) {
  return TrackOf(entry.kind()) == Track::kPhases ? kPhaseHeight : kBarHeight;
}

class TimelineDrawing {
 public:
  TimelineDrawing(const TimelineChart& chart, const ReportModel& report,
                  const ReportWords& words, std::string_view id)
      : chart_(chart),
        report_(report),
        words_(words),
        canvas_(id),
        from_us_(codec::StockholmMidnightUs(chart.first_year(), 1, 1)),
        to_us_(codec::StockholmMidnightUs(chart.last_year() + 1, 1, 1)) {}

  std::string Draw();

 private:
  int X(int64_t time_us) const;
  Item LaidOut(const TimelineEntry& entry) const;
  std::string NoteOf(const TimelineEntry& entry) const;
  std::vector<Lane> LanesOf(Track track) const;
  void DrawGround(int height);
  void DrawAxis();
  void DrawTrack(const TrackWords& track, const std::vector<Lane>& lanes);
  void DrawItem(const Item& item);
  void DrawShape(const Item& item);
  void DrawSign(view::v1::Grade grade, int x, int y);
  void DrawLegend();

  const TimelineChart& chart_;
  const ReportModel& report_;
  const ReportWords& words_;
  SvgCanvas canvas_;
  const int64_t from_us_;
  const int64_t to_us_;
  int y_ = kAxisHeight;
};

// Times outside the years shown are drawn at their edge.
int TimelineDrawing::X(int64_t time_us) const {
  const int64_t span_s = (to_us_ - from_us_) / 1'000'000;
  const int64_t at_s =
      (std::clamp(time_us, from_us_, to_us_) - from_us_) / 1'000'000;
  return kMargin + static_cast<int>(at_s * (kWidth - 2 * kMargin) / span_s);
}

std::string TimelineDrawing::NoteOf(const TimelineEntry& entry) const {
  event::v1::Occurred when;
  when.set_edtf(entry.when().edtf());
  when.set_circa(entry.when().circa());
  // "Trygghetsvandring våren 2025" says when itself.
  std::string note = words_.Time(when);
  if (entry.title().find(note) != std::string::npos) note.clear();
  for (const std::string& part :
       {words_.HasInferredTime(entry) ? words_.Mark("inferred") : std::string(),
        words_.Grade(entry.grade()), words_.Hedge(entry.hedge()),
        entry.claimed_only() ? words_.Mark("claimed") : std::string()}) {
    if (part.empty()) continue;
    absl::StrAppend(&note, note.empty() ? "" : " · ", part);
  }
  return note;
}

// Chooses the side of the label, breaks it into lines and finds its box.
Item TimelineDrawing::LaidOut(const TimelineEntry& entry) const {
  Item item;
  item.entry = &entry;
  item.x0 = X(entry.when().from_us());
  item.x1 = X(entry.when().to_us());
  const int sign = SignSpace(entry);
  const int room_right = kWidth - kMargin - item.x1 - kLabelGap - sign;
  const int room_left = item.x0 - kMargin - kLabelGap - sign;
  int room = room_right;
  if (room_right < kLabelWidthMin) {
    item.side = room_left >= kLabelWidthMin ? Side::kLeft : Side::kBelow;
    room = item.side == Side::kLeft ? room_left : kWidth - 2 * kMargin - sign;
  }
  item.lines = WrapText(entry.title(), kTextSize, room, kLabelLinesMax);
  item.note = WrapText(NoteOf(entry), kNoteSize, room, 1)[0];
  const int note_width = TextWidth(item.note, kNoteSize);
  const int last_width =
      TextWidth(item.lines.back(), kTextSize) + TextWidth(" ", kTextSize);
  item.note_apart = last_width + note_width > room;
  item.label_width = item.note_apart ? note_width : last_width + note_width;
  for (const std::string& line : item.lines) {
    item.label_width = std::max(item.label_width, TextWidth(line, kTextSize));
  }
  if (TrackOf(entry.kind()) == Track::kPlan &&
      entry.entity() != report_.process()) {
    item.detail = WrapText(entry.detail(), kNoteSize, room, kLabelLinesMax);
  }
  for (const std::string& line : item.detail) {
    item.label_width = std::max(item.label_width, TextWidth(line, kNoteSize));
  }
  item.label_width += sign;
  if (item.side == Side::kRight) {
    item.label_x = item.x1 + kLabelGap;
  } else if (item.side == Side::kLeft) {
    item.label_x = item.x0 - kLabelGap - item.label_width;
  } else {
    item.label_x =
        std::clamp(item.x0, kMargin,
                   std::max(kMargin, kWidth - kMargin - item.label_width));
  }
  const int lines = static_cast<int>(item.lines.size()) +
                    (item.note_apart ? 1 : 0) +
                    static_cast<int>(item.detail.size());
  item.height = lines * kLineHeight + kLaneGap +
                (item.side == Side::kBelow ? ShapeHeight(entry) : 0);
  return item;
}

std::vector<Lane> TimelineDrawing::LanesOf(Track track) const {
  std::vector<Lane> lanes;
  for (const TimelineEntry& entry : chart_.entries()) {
    if (TrackOf(entry.kind()) != track) continue;
    if (entry.when().to_us() <= from_us_ || entry.when().from_us() >= to_us_) {
      continue;  // Outside the years shown.
    }
    Item item = LaidOut(entry);
    Lane* free = nullptr;
    for (Lane& lane : lanes) {
      if (free == nullptr && lane.Fits(item)) free = &lane;
    }
    if (free == nullptr) free = &lanes.emplace_back();
    free->height = std::max(free->height, item.height);
    free->items.push_back(std::move(item));
  }
  return lanes;
}

// Years as fields, the report's period and the state of knowledge.
void TimelineDrawing::DrawGround(int height) {
  for (int year = chart_.first_year(); year <= chart_.last_year(); ++year) {
    const int x0 = X(codec::StockholmMidnightUs(year, 1, 1));
    const int x1 = X(codec::StockholmMidnightUs(year + 1, 1, 1));
    canvas_.Rect(x0, 0, x1 - x0, height,
                 (year - chart_.first_year()) % 2 == 0 ? "year" : "year-other");
  }
  const auto period = codec::ParseEdtf(report_.period());
  if (!report_.period().empty() && period.ok()) {
    const int x0 = X(period->from_us);
    const int x1 = X(period->to_us);
    if (x1 > x0) canvas_.Rect(x0, kAxisHeight - 10, x1 - x0, 6, "period");
  }
  if (report_.as_of_recorded_us() > from_us_ &&
      report_.as_of_recorded_us() < to_us_) {
    const int x = X(report_.as_of_recorded_us());
    // In the axis alone: below it stand the labels.
    canvas_.Line(x, 6, x, kAxisHeight + 4, "as-of");
  }
}

void TimelineDrawing::DrawAxis() {
  struct Season {
    int month;
    std::string_view sv;
    std::string_view en;
  };
  // Seasons as EDTF has them here; winter is the rest.
  static constexpr std::array<Season, 3> kSeasons = {
      {{3, "vår", "spring"}, {6, "sommar", "summer"}, {9, "höst", "autumn"}}};
  const bool seasons = chart_.last_year() - chart_.first_year() < 4;
  for (int year = chart_.first_year(); year <= chart_.last_year(); ++year) {
    const int x0 = X(codec::StockholmMidnightUs(year, 1, 1));
    const int x1 = X(codec::StockholmMidnightUs(year + 1, 1, 1));
    canvas_.Text((x0 + x1) / 2, 28, absl::StrCat(year), "year-label", "middle");
    if (!seasons) continue;
    for (const Season& season : kSeasons) {
      const int from = X(codec::StockholmMidnightUs(year, season.month, 1));
      const int to = X(codec::StockholmMidnightUs(year, season.month + 3, 1));
      canvas_.Line(from, 36, from, 44, "tick");
      canvas_.Line(to, 36, to, 44, "tick");
      canvas_.Text((from + to) / 2, 55, words_.Say(season.sv, season.en),
                   "season", "middle");
    }
  }
}

// The sign of a grade: a ring, a half, a full disc, a crossed ring.
void TimelineDrawing::DrawSign(view::v1::Grade grade, int x, int y) {
  const bool full = grade == view::v1::GRADE_INDEPENDENTLY_CONFIRMED;
  canvas_.Circle(x, y, kSign, full ? "sign-full" : "sign");
  if (grade == view::v1::GRADE_SUBSTANTIATED) {
    canvas_.HalfCircle(x, y, kSign, "sign-full");
  }
  if (grade == view::v1::GRADE_DISPUTED) {
    canvas_.Line(x - 5, y - 5, x + 5, y + 5, "cross");
    canvas_.Line(x - 5, y + 5, x + 5, y - 5, "cross");
  }
}

void TimelineDrawing::DrawShape(const Item& item) {
  const Track track = TrackOf(item.entry->kind());
  const int height = ShapeHeight(*item.entry);
  // Beside a label the shape is level with its first line.
  const int y =
      item.side == Side::kBelow ? y_ : y_ + (kLineHeight - height) / 2;
  const int width = item.x1 - item.x0;
  const bool intended = track == Track::kPlan || item.entry->claimed_only() ||
                        !words_.Hedge(item.entry->hedge()).empty();
  if (!intended && IsSomeTimeWithin(*item.entry) &&
      width >= kIntervalWidthMin) {
    const int middle = y + height / 2;
    canvas_.Line(item.x0 + 2, middle, item.x1 - 2, middle, "vague");
    for (const int x : {item.x0 + 2, item.x1 - 2}) {
      canvas_.Line(x, y, x, y + height, "vague-end");
    }
  } else if (width < kIntervalWidthMin) {
    canvas_.Diamond((item.x0 + item.x1) / 2, y + height / 2, height / 2 + 2,
                    intended ? "point-plan" : "point");
  } else if (intended) {
    canvas_.HatchedRect(item.x0 + 1, y, width - 2, height, "span-plan", 3);
  } else {
    canvas_.Rect(item.x0 + 1, y, width - 2, height,
                 track == Track::kPhases       ? "span-phase"
                 : track == Track::kShifts     ? "span-shift"
                 : track == Track::kActivities ? "span-activity"
                                               : "span",
                 3);
  }
}

void TimelineDrawing::DrawItem(const Item& item) {
  DrawShape(item);
  int y = y_ + kLineHeight - 6;
  if (item.side == Side::kBelow) y += ShapeHeight(*item.entry);
  int x = item.label_x;
  if (SignSpace(*item.entry) > 0) {
    DrawSign(item.entry->grade(), x + kSign, y - 6);
    x += kSignSpace;
  }
  // To the left of its shape a label ends there: widths are estimates.
  const bool ends = item.side == Side::kLeft;
  if (ends) x = item.x0 - kLabelGap;
  const std::string_view anchor = ends ? "end" : "start";
  for (size_t i = 0; i < item.lines.size(); ++i) {
    const bool last = i + 1 == item.lines.size();
    if (last && !item.note_apart) {
      canvas_.TextWithNote(x, y, item.lines[i], "label-small", item.note,
                           "note", anchor);
    } else {
      canvas_.Text(x, y, item.lines[i], "label-small", anchor);
    }
    y += kLineHeight;
  }
  if (item.note_apart) {
    canvas_.Text(x, y, item.note, "note", anchor);
    y += kLineHeight;
  }
  const bool lacks = item.entry->detail().find(
                         words_.Say("saknas", "missing")) != std::string::npos;
  for (const std::string& line : item.detail) {
    canvas_.Text(x, y - 2, line, lacks ? "lack-note" : "note", anchor);
    y += kLineHeight;
  }
}

void TimelineDrawing::DrawTrack(const TrackWords& track,
                                const std::vector<Lane>& lanes) {
  if (lanes.empty()) return;
  canvas_.Line(0, y_, kWidth, y_, "track-line");
  y_ += 28;
  canvas_.Text(kMargin, y_, words_.Say(track.sv, track.en), "heading");
  y_ += 12;
  for (const Lane& lane : lanes) {
    for (const Item& item : lane.items) DrawItem(item);
    y_ += lane.height;
  }
}

void TimelineDrawing::DrawLegend() {
  canvas_.Line(0, y_, kWidth, y_, "track-line");
  y_ += 28;
  int x = kMargin;
  const auto next = [&](int sign_width, std::string_view text) {
    const int width = sign_width + 8 + TextWidth(text, kNoteSize) + 22;
    if (x + width > kWidth) {
      x = kMargin;
      y_ += 28;
    }
    canvas_.Text(x + sign_width + 8, y_, text, "note");
    const int at = x;
    x += width;
    return at;
  };
  const std::array<view::v1::Grade, 4> grades = {
      view::v1::GRADE_CLAIMED, view::v1::GRADE_SUBSTANTIATED,
      view::v1::GRADE_INDEPENDENTLY_CONFIRMED, view::v1::GRADE_DISPUTED};
  for (const view::v1::Grade grade : grades) {
    const int at = next(2 * kSign, words_.Grade(grade));
    DrawSign(grade, at + kSign, y_ - 6);
  }
  const int plan =
      next(30, words_.Say("påstådd fas, antagande, preliminärt eller plan",
                          "claimed phase, assumption, preliminary or plan"));
  canvas_.HatchedRect(plan, y_ - 12, 30, kBarHeight, "span-plan", 3);
  const int vague =
      next(30, words_.Say("någon gång under tiden", "some time within it"));
  canvas_.Line(vague, y_ - 6, vague + 30, y_ - 6, "vague");
  for (const int end : {vague, vague + 30}) {
    canvas_.Line(end, y_ - 12, end, y_, "vague-end");
  }
  const int period =
      next(30, words_.Say("rapportens period", "the report's period"));
  canvas_.Rect(period, y_ - 9, 30, 6, "period");
  const int as_of =
      next(12, absl::StrCat(std::string(words_.Say("kunskapsläge ", "as of ")),
                            codec::DateText(report_.as_of_recorded_us())));
  canvas_.Line(as_of + 6, y_ - 16, as_of + 6, y_ + 4, "as-of");
  y_ += 16;
}

std::string TimelineDrawing::Draw() {
  // The ground lies under everything, so the height is found first.
  int height = kAxisHeight;
  std::array<std::vector<Lane>, kTracks.size()> lanes;
  for (size_t i = 0; i < kTracks.size(); ++i) {
    lanes[i] = LanesOf(kTracks[i].track);
    if (lanes[i].empty()) continue;
    height += 40;
    for (const Lane& lane : lanes[i]) height += lane.height;
  }
  DrawGround(height);
  DrawAxis();
  for (size_t i = 0; i < kTracks.size(); ++i) DrawTrack(kTracks[i], lanes[i]);
  DrawLegend();
  const std::string description = absl::StrCat(
      chart_.description(),
      std::string(words_.Say(
          " Streckat är påstådda faser, antaganden, preliminärt och planer. "
          "Ett streck mellan två gränser är någon gång under den tiden.",
          " Hatched are claimed phases, assumptions, what is preliminary and "
          "plans. A line between two ends is some time within them.")));
  return canvas_.Finish(chart_.title(), description, kWidth, y_);
}

}  // namespace

std::string TimelineSvg(const TimelineChart& chart, const ReportModel& report,
                        const ReportWords& words, std::string_view id) {
  return TimelineDrawing(chart, report, words, id).Draw();
}

}  // namespace samverk
