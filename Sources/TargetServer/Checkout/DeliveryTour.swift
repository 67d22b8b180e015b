/// When the van comes to a customer: each district has its tour of the day.
///
/// Not finished. The town has ten districts and six of them have got their tour so far; whoever turns this on for everybody finds
/// the other four.
struct DeliveryTour: Hashable, Sendable {
    private static let windows = [
        "07:00-09:00", "09:00-11:00", "11:00-13:00", "13:00-15:00", "15:00-17:00", "17:00-19:00",
    ]

    let district: Int

    init(customer: Int) { district = customer % 10 }

    /// Nil for a district that nobody has planned.
    var window: String? { Self.windows.indices.contains(district) ? Self.windows[district] : nil }
}
