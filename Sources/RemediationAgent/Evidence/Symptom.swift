/// Something out of the ordinary that the survey showed.
struct Symptom: Hashable, Sendable {
    /// Where; nil when it concerns a journey.
    var component: String?
    /// The mechanism-neutral words of it, for the search.
    var words: String
    /// How strongly it points at its component, in tenths.
    var weight: Int
    /// The answer behind it.
    var evidence: String?
    /// The finding as a person would put it.
    var finding: String
}
