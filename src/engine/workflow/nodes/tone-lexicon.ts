/**
 * Words and phrases of financial news with a tone, written for headlines about Vietnamese shares, in lower case.
 * General lists misjudge the words of finance (Loughran and McDonald, When Is a Liability Not a Liability?, 2011), so
 * words that are neutral here, such as nợ or debt, tax and cost, are left out.
 */
export const GOOD_PHRASES: readonly string[] = [
  ..."tăng trưởng|tăng mạnh|tăng vọt|tăng trần|bứt phá|khởi sắc|hồi phục|phục hồi|lãi lớn|lãi kỷ lục|có lãi".split("|"),
  ..."lợi nhuận tăng|doanh thu tăng|vượt kế hoạch|vượt kỳ vọng|kỷ lục|mua ròng|khả quan|tích cực|thuận lợi".split("|"),
  ..."nâng hạng|trúng thầu|mở rộng|cổ tức|đỉnh mới|dẫn đầu|cải thiện|đột phá|hưởng lợi|khuyến nghị mua".split("|"),
  ..."beat|beats|record profit|profit rises|profit surges|surge|surges|soar|soars|rally|rallies|gain|gains".split("|"),
  ..."upgrade|upgraded|outperform|strong demand|growth|recovery|rebound|rebounds|profitable|exceeds|dividend".split(
    "|",
  ),
];

export const BAD_PHRASES: readonly string[] = [
  ..."giảm mạnh|giảm sàn|lao dốc|sụt giảm|suy giảm|thua lỗ|báo lỗ|lỗ lớn|lỗ nặng|lợi nhuận giảm|doanh thu giảm".split(
    "|",
  ),
  ..."bán ròng|bán tháo|vi phạm|xử phạt|khởi tố|bắt tạm giam|điều tra|đình chỉ|hủy niêm yết|cảnh báo|kiểm soát".split(
    "|",
  ),
  ..."nợ xấu|vỡ nợ|phá sản|tiêu cực|khó khăn|rủi ro|thấp hơn kỳ vọng|không đạt|đáy mới|hạ dự báo|khuyến nghị bán".split(
    "|",
  ),
  ..."miss|misses|plunge|plunges|slump|slumps|fall|falls|drop|drops|loss|losses|downgrade|downgraded".split("|"),
  ..."underperform|weak demand|default|bankruptcy|fraud|probe|investigation|lawsuit|fined|halt|delisting|warning".split(
    "|",
  ),
];

/** Words that turn what follows around. */
export const NEGATIONS: ReadonlySet<string> = new Set(
  "không|chưa|chẳng|hết|ngừng|not|no|never|without|fails|stops".split("|"),
);
